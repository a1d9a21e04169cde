/** Owns how the sampling parameters are shown: their groups, and in a sentence what each one does. */
import { t } from '../../preload/contract/language.js';
import type { ParameterName } from '../../preload/contract/parameters.js';

export const parameterGroups: readonly {
  readonly title: string;
  readonly parameters: readonly { readonly name: ParameterName; readonly does: string }[];
}[] = [
  {
    title: t('Curve shape'),
    parameters: [
      {
        name: 'temperature',
        does: t('How daring the choice of words is; 0 always takes the likeliest one.'),
      },
      {
        name: 'dynamic_temperature',
        does: t('Takes a temperature between dynatemp_low and dynatemp_high, by how clear the next word is.'),
      },
      { name: 'dynatemp_low', does: t('The temperature where the next word is clear.') },
      { name: 'dynatemp_high', does: t('The temperature where many words fit.') },
      {
        name: 'dynatemp_exponent',
        does: t('How early dynamic temperature rises; below 1 earlier, above 1 later.'),
      },
      {
        name: 'smoothing_factor',
        does: t('Flattens the likeliest words and lowers the tail; 0 changes nothing.'),
      },
      {
        name: 'smoothing_curve',
        does: t('Steepens what smoothing_factor does to the tail; 1 changes nothing.'),
      },
    ],
  },
  {
    title: t('Curve cutoff'),
    parameters: [
      {
        name: 'top_p',
        does: t('Keeps the likeliest words that together reach this probability; 1 keeps all.'),
      },
      { name: 'top_k', does: t('Keeps this many of the likeliest words; 0 keeps all.') },
      {
        name: 'min_p',
        does: t('Drops words less likely than this share of the likeliest one; 0 drops none.'),
      },
      {
        name: 'top_n_sigma',
        does: t('Drops words this many standard deviations below the likeliest; 0 drops none.'),
      },
      {
        name: 'typical_p',
        does: t('Keeps words about as surprising as expected, up to this probability; 1 keeps all.'),
      },
      { name: 'xtc_threshold', does: t('Words above this probability may be left out by xtc_probability.') },
      {
        name: 'xtc_probability',
        does: t('How often the likeliest words are left out for a less usual one; 0 never.'),
      },
      {
        name: 'epsilon_cutoff',
        does: t('Drops words less likely than this many ten-thousandths; 0 drops none.'),
      },
      { name: 'eta_cutoff', does: t('The same, but stricter where the next word is clear; 0 drops none.') },
      { name: 'tfs', does: t('Cuts the tail where likelihoods level off; 1 cuts none.') },
      {
        name: 'top_a',
        does: t('Drops words by the square of the likeliest one’s probability; 0 drops none.'),
      },
    ],
  },
  {
    title: t('Repetition suppression'),
    parameters: [
      { name: 'repetition_penalty', does: t('Makes words that occurred less likely; 1 changes nothing.') },
      { name: 'repetition_penalty_range', does: t('Tokens looked back at for repetition; 0 looks at all.') },
      { name: 'frequency_penalty', does: t('Lowers a word further each time it occurs.') },
      { name: 'presence_penalty', does: t('Lowers a word once when it has occurred at all.') },
      {
        name: 'dry_multiplier',
        does: t('Lowers words that go on with a repeated passage; 0.8 is usual, 0 does nothing.'),
      },
      { name: 'dry_allowed_length', does: t('Repeated passages shorter than this are left alone by DRY.') },
      { name: 'dry_base', does: t('How fast DRY grows with the length of the repeated passage.') },
      { name: 'dry_sequence_breakers', does: t('Texts over which DRY counts no passage as repeated.') },
      {
        name: 'encoder_repetition_penalty',
        does: t('Above 1 favours words that your prompt has, below 1 avoids them; 1 changes nothing.'),
      },
      {
        name: 'no_repeat_ngram_size',
        does: t('Forbids any run of this many tokens to come twice; 0 forbids none.'),
      },
    ],
  },
  {
    title: t('Alternative'),
    parameters: [
      {
        name: 'mirostat_mode',
        does: t(
          'Holds the surprise of the text level, in place of every cutoff; 2 is the better version, 0 is off.',
        ),
      },
      { name: 'mirostat_tau', does: t('The surprise that mirostat holds; lower is more focused.') },
      { name: 'mirostat_eta', does: t('How fast mirostat corrects itself.') },
      {
        name: 'adaptive_target',
        does: t(
          'Prefers words of about this probability, neither sure nor wild; 0 is off, min_p goes well with it.',
        ),
      },
      {
        name: 'adaptive_decay',
        does: t('How long adaptive_target remembers the words it took; 0.9 is about ten of them.'),
      },
    ],
  },
  {
    title: t('Other'),
    parameters: [
      { name: 'do_sample', does: t('Chooses among the likely words; off always takes the likeliest one.') },
      {
        name: 'temperature_last',
        does: t('Cuts off first and bends the curve of likelihoods after that, whatever the order below.'),
      },
      {
        name: 'sampler_priority',
        does: t(
          'What works on the likely words first. The usual order is llama.cpp’s own and the fastest; another one may cost a little speed. What is grey does nothing with the values above.',
        ),
      },
    ],
  },
  {
    title: t('Constraints'),
    parameters: [
      { name: 'custom_stopping_strings', does: t('Texts at which a reply ends: "User:", "\\n\\n".') },
      {
        name: 'banned_strings',
        does: t(
          'Texts that no reply contains; where one begins, the model takes another way: "a testament to".',
        ),
      },
      { name: 'custom_token_bans', does: t('Tokens that are never written, by their numbers: 50, 1024.') },
      {
        name: 'logit_bias',
        does: t(
          'Makes single tokens more or less likely, by text or number, from -100 to 100: " llama": 5, "198": -2.',
        ),
      },
      {
        name: 'grammar_string',
        does: t(
          'A reply has the form that this grammar (GBNF) describes, from its rule “root” on; empty means any form.',
        ),
      },
      {
        name: 'json_schema',
        does: t(
          'A reply is JSON that fits this schema, {"type": "object", …}; use it or grammar_string, not both.',
        ),
      },
      {
        name: 'guidance_scale',
        does: t(
          'Above 1, pulls replies away from negative_prompt; 1.5 is usual, 1 is off. Slow: each token is computed twice.',
        ),
      },
      {
        name: 'negative_prompt',
        does: t('What guidance_scale pulls away from. In a chat it takes the place of the system prompt.'),
      },
    ],
  },
  {
    title: t('Reply'),
    parameters: [
      { name: 'max_new_tokens', does: t('Ends a reply after so many tokens; 0 lets the model decide.') },
      {
        name: 'max_tokens_second',
        does: t('Slows writing down to a speed for reading; 0 writes as fast as it goes.'),
      },
      {
        name: 'ban_eos_token',
        does: t('Keeps the model from ending its reply; something else must then end it.'),
      },
      {
        name: 'add_bos_token',
        does: t(
          'Begins the text of the notebook with the model’s own mark for a beginning, where it has one.',
        ),
      },
      {
        name: 'skip_special_tokens',
        does: t('Leaves out marks such as <|im_start|> that the model writes for itself.'),
      },
      {
        name: 'prompt_lookup_num_tokens',
        does: t(
          'Guesses so many tokens ahead where a passage repeats, as in edited code: faster there. A seed picks other words than without guesses.',
        ),
      },
      { name: 'seed', does: t('The same seed gives the same reply; -1 draws a new one each time.') },
    ],
  },
];
