/** Owns why a parameter has no effect at the moment, in a few words for its row; what it does is decided elsewhere. */
import { t } from '../../preload/contract/language.js';
import { parameters, type ParameterName, type Sampling } from '../../preload/contract/parameters.js';
import { isGreedy } from '../../preload/contract/sampler-use.js';

/** What a parameter is a detail of: at the neutral value of that one it does nothing. */
const detailOf: { readonly [P in ParameterName]?: ParameterName } = {
  dynatemp_low: 'dynamic_temperature',
  dynatemp_high: 'dynamic_temperature',
  dynatemp_exponent: 'dynamic_temperature',
  smoothing_curve: 'smoothing_factor',
  xtc_threshold: 'xtc_probability',
  dry_allowed_length: 'dry_multiplier',
  dry_base: 'dry_multiplier',
  dry_sequence_breakers: 'dry_multiplier',
  mirostat_tau: 'mirostat_mode',
  mirostat_eta: 'mirostat_mode',
  adaptive_decay: 'adaptive_target',
};
const cutting: readonly ParameterName[] = [
  'top_p',
  'top_k',
  'min_p',
  'top_n_sigma',
  'typical_p',
  'xtc_threshold',
  'xtc_probability',
  'epsilon_cutoff',
  'eta_cutoff',
  'tfs',
  'top_a',
  'adaptive_target',
  'adaptive_decay',
];
const choosing: readonly ParameterName[] = [
  ...cutting,
  'temperature',
  'dynatemp_low',
  'dynatemp_high',
  'dynatemp_exponent',
  'smoothing_factor',
  'smoothing_curve',
  'mirostat_mode',
  'mirostat_tau',
  'mirostat_eta',
  'temperature_last',
  'seed',
];

/** Null when the parameter has its effect, or would have it with another value. */
export function idleReason(name: ParameterName, sampling: Sampling): string | null {
  if (isGreedy(sampling) && choosing.includes(name)) {
    if (!sampling.do_sample) return t('No effect while do_sample is off.');
    if (name !== 'temperature') return t('No effect while temperature is 0.');
  }
  if (sampling.mirostat_mode > 0 && cutting.includes(name)) return t('No effect while mirostat_mode is on.');
  if (name === 'temperature' && sampling.dynamic_temperature)
    return t('No effect while dynamic_temperature is on.');
  const whole = detailOf[name];
  if (whole === undefined) return null;
  const parameter = parameters[whole];
  return 'neutral' in parameter && sampling[whole] === parameter.neutral
    ? t('Waits for {parameter}.', { parameter: whole })
    : null;
}
