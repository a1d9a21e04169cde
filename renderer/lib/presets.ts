/** Owns how the page names the groups of shipped presets. */
import { t } from '../../preload/contract/language.js';
import type { presetGroups } from '../../preload/contract/preset-values.js';

export const presetGroupLabels: Readonly<Record<(typeof presetGroups)[number], string>> = {
  now: t('text-generation-webui, today'),
  between: t('text-generation-webui, 2024 and 2025'),
  authors: t('By the authors of models'),
  '2023': t('LLaMA’s first year, 2023'),
};
