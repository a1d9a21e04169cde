/** Owns recognising how a tokenizer.json cuts text before it merges, as the name that llama.cpp has for it; never cuts. */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';

const stepSchema = z.looseObject({
  type: z.string(),
  pattern: z.looseObject({ Regex: z.string().optional() }).optional(),
  behavior: z.string().optional(),
  use_regex: z.boolean().optional(),
  add_prefix_space: z.boolean().optional(),
  individual_digits: z.boolean().optional(),
});
const preTokenizerSchema = z.union([
  z.object({ type: z.literal('Sequence'), pretokenizers: z.array(stepSchema).max(32) }),
  stepSchema.transform((step) => ({ type: 'Sequence' as const, pretokenizers: [step] })),
]);

/** The rule of Llama 3 (its tokenizer.json), which others took over, with digits by threes or one by one. */
const words = (digits: string) =>
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Each recognised sequence of steps, written as below, and llama.cpp's name for it (`llama-vocab.cpp`). */
const names: ReadonlyMap<string, string> = new Map([
  [`split ${words(String.raw`\p{N}{1,3}`)}; bytes; whole words`, 'llama-bpe'],
  [`split ${words(String.raw`\p{N}{1,3}`)}; bytes`, 'smaug-bpe'],
  [`split ${words(String.raw`\p{N}`)}; bytes`, 'qwen2'],
  ['digits; gpt2', 'smollm'],
  ['gpt2', 'gpt-2'],
]);

/**
 * @param content `pre_tokenizer` of tokenizer.json
 * @param wholeWords whether a word that is a token is taken without merging (`model.ignore_merges`)
 * @throws AppError model-unsupported for a rule that llama.cpp would not follow exactly
 */
export function preTokenizerName(content: unknown, wholeWords: boolean): string {
  const parsed = preTokenizerSchema.safeParse(content);
  const steps = parsed.success ? parsed.data.pretokenizers.map(written) : [];
  const rule = [...steps, ...(wholeWords ? ['whole words'] : [])].join('; ');
  const name = names.get(rule);
  if (name !== undefined) return name;
  throw new AppError({
    code: 'model-unsupported',
    message: t(
      'The tokenizer of this model cuts text in a way that is not known here, so its tokens would be wrong.',
    ),
    hint: t('Look for a GGUF version of the model.'),
    details: rule.slice(0, 1000),
  });
}

function written(step: z.infer<typeof stepSchema>): string {
  const bytesOnly = step.type === 'ByteLevel' && !step.add_prefix_space;
  if (bytesOnly) return step.use_regex === false ? 'bytes' : 'gpt2';
  if (step.type === 'Digits' && step.individual_digits === true) return 'digits';
  if (step.type === 'Split' && step.behavior === 'Isolated') return `split ${step.pattern?.Regex ?? ''}`;
  return JSON.stringify(step);
}
