/** The presets that come with the app, against the values that are known of them. */
import { expect, test } from 'vitest';
import { shippedPresets } from '../../../../main/presets/shipped.js';
import { keptValues, presetSampling, toPresetValues } from '../../../../preload/contract/preset-values.js';

const preset = (name: string) => {
  const found = shippedPresets.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found;
};

test('each has a name of its own, a sentence, and no value that is neutral', () => {
  expect(shippedPresets).toHaveLength(58);
  expect(new Set(shippedPresets.map(({ name }) => name.toLowerCase())).size).toBe(58);
  for (const { name, does, values } of shippedPresets) {
    expect(does, name).toMatch(/\.$/);
    const kept = keptValues(values).map((value) => value.name);
    const applied = Object.fromEntries(Object.entries(values).filter(([key]) => !kept.includes(key)));
    expect(toPresetValues(presetSampling(values)), name).toEqual(applied);
  }
});

// From the files of text-generation-webui; of 2023 unless it says otherwise.
test.each([
  ['Top-P', { top_p: 0.95 }],
  ['Creative', { min_p: 0.02, xtc_probability: 0.5 }],
  ['Deterministic', { do_sample: false, top_k: 1 }],
  ['min_p', { min_p: 0.05 }],
  ['Null preset', {}],
  ['Instruct', { min_p: 0.2 }],
  ['Qwen3 - Thinking', { temperature: 0.6, top_p: 0.95, top_k: 20 }],
  ['Qwen3 - No Thinking', { temperature: 0.7, top_p: 0.8, top_k: 20, presence_penalty: 1.5 }],
  [
    'Dynamic Temperature',
    { dynamic_temperature: true, dynatemp_low: 0.01, dynatemp_high: 2, temperature_last: true, min_p: 0.07 },
  ],
  ['LLaMA-Precise', { temperature: 0.7, top_p: 0.1, top_k: 40, repetition_penalty: 1.18 }],
  ['simple-1', { temperature: 0.7, top_p: 0.9, top_k: 20, repetition_penalty: 1.15 }],
  [
    'Divine Intellect',
    {
      ...{ temperature: 1.31, top_p: 0.14, top_k: 49, repetition_penalty: 1.17 },
      ...{ epsilon_cutoff: 1.49, eta_cutoff: 10.42, top_a: 0.52 },
    },
  ],
  [
    'Big O',
    { temperature: 0.87, top_p: 0.99, top_k: 85, repetition_penalty: 1.01, typical_p: 0.68, tfs: 0.68 },
  ],
  ['Midnight Enigma', { temperature: 0.98, top_p: 0.37, top_k: 100, repetition_penalty: 1.18 }],
  ['Yara', { temperature: 0.82, top_p: 0.21, top_k: 72, repetition_penalty: 1.19 }],
  ['Shortwave', { temperature: 1.53, top_p: 0.64, top_k: 33, repetition_penalty: 1.07, top_a: 0.04 }],
  [
    'Asterism',
    { temperature: 1.68, top_p: 0.17, top_k: 77, repetition_penalty: 1.02, tfs: 0.97, top_a: 0.42 },
  ],
  [
    'Titanic',
    {
      ...{ temperature: 1.01, top_p: 0.21, top_k: 91, repetition_penalty: 1.21, eta_cutoff: 10.78 },
      ...{ top_a: 0.75, encoder_repetition_penalty: 1.07 },
    },
  ],
  ['Space Alien', { temperature: 1.31, top_p: 0.29, top_k: 72, repetition_penalty: 1.09 }],
  ['StarChat', { temperature: 0.2, top_p: 0.95, top_k: 50 }],
  ['tfs-with-top-a', { temperature: 0.7, repetition_penalty: 1.15, tfs: 0.95, top_a: 0.2 }],
  ['Mirostat', { mirostat_mode: 2, mirostat_tau: 8 }],
  ['Contrastive Search', { do_sample: false, top_k: 4, penalty_alpha: 0.3 }],
  ['Kobold-Godlike', { temperature: 0.7, top_p: 0.5, repetition_penalty: 1.1, typical_p: 0.19 }],
  ['NovelAI-Storywriter', { temperature: 0.72, top_p: 0.73, repetition_penalty: 1.1 }],
  ['NovelAI-Sphinx Moth', { temperature: 2, top_p: 0.18, top_k: 30, repetition_penalty: 1.15 }],
  ['Coherent-Creativity', { temperature: 0.51, repetition_penalty: 1.2 }],
  ['Default (2023)', { top_p: 0.95, top_k: 40, repetition_penalty: 1.2 }],
  ['Naive', { temperature: 0.7, top_p: 0.85, top_k: 50 }],
  ['Debug-deterministic', { do_sample: false }],
])('%s', (name, values) => {
  expect(preset(name).values).toEqual(values);
});

test('only what was made for other engines is kept without being applied', () => {
  const kept = shippedPresets.flatMap(({ name, values }) =>
    keptValues(values).map((value) => `${name}: ${value.name}`),
  );
  expect(kept).toEqual([
    'StarChat-Beta: max_new_tokens',
    'Contrastive Search: penalty_alpha',
    'LLaMA-Default: early_stopping',
    'oasst-sft-1-pythia-12b: max_new_tokens',
    'StableLM-HuggingFace Chat: top_k',
    'StableLM-HuggingFace Chat: max_new_tokens',
    'StableLM-Jupyter Notebook: max_new_tokens',
    ...['repetition_penalty', 'num_beams', 'min_length', 'length_penalty', 'early_stopping'].map(
      (parameter) => `Verbose (Beam Search): ${parameter}`,
    ),
    'Instruct-Joi: penalty_alpha',
  ]);
});
