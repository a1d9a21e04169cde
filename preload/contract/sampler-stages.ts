/** Owns the stages that `sampler_priority` puts in order; free of imports, so that the page stays small. */

/**
 * The stages of text-generation-webui, in the order of llama.cpp: what looks back, cutoffs, temperature, and last what
 * steers by the result. With it llama.cpp's own samplers give the same as ours, so that the fast path can be taken.
 */
export const samplerStages = [
  'repetition_penalty',
  'presence_penalty',
  'frequency_penalty',
  'dry',
  'encoder_repetition_penalty',
  'no_repeat_ngram',
  'top_n_sigma',
  'top_k',
  'tfs',
  'typical_p',
  'epsilon_cutoff',
  'eta_cutoff',
  'top_p',
  'top_a',
  'min_p',
  'xtc',
  'quadratic_sampling',
  'temperature',
  'dynamic_temperature',
  'mirostat',
  'adaptive_p',
] as const;

/**
 * All that a token passes on its way into a reply: the model, the demands on the reply (biases, bans, grammar), guidance,
 * the samplers, and the choice of the likeliest one where nothing is drawn.
 */
export const chartStages = ['model', 'demands', 'guidance', ...samplerStages, 'likeliest'] as const;

export type ChartStage = (typeof chartStages)[number];
export type SamplerStage = (typeof samplerStages)[number];

/**
 * Every stage once, whatever list came: unknown names and repeated ones are left out, missing ones follow the stage
 * that they follow in the usual order. A list saved before a stage existed stays good.
 */
export function completeOrder(names: readonly string[]): SamplerStage[] {
  const order = samplerStages.filter((stage) => names.includes(stage));
  order.sort((a, b) => names.indexOf(a) - names.indexOf(b));
  for (const [index, stage] of samplerStages.entries()) {
    if (order.includes(stage)) continue;
    const before = samplerStages[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, stage);
  }
  return order;
}
