/** Owns how the page names the groups of shipped presets. */
import type { presetGroups } from '../../preload/contract/preset-values.js';

export const presetGroupLabels: Readonly<Record<(typeof presetGroups)[number], string>> = {
  now: 'text-generation-webui, today',
  between: 'text-generation-webui, 2024 and 2025',
  authors: 'By the authors of models',
  '2023': 'LLaMA’s first year, 2023',
};
