/** Owns prompt sets as files in JSONL, one prompt a line, with the names that other projects use; reads and writes no file itself. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { categories } from '../../preload/contract/arena-words.js';
import { promptLimits } from '../../preload/contract/prompt-limits.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';

export type ReadPrompts = {
  readonly prompts: readonly PromptContent[];
  /** A sentence for each line that could not be used. */
  readonly problems: readonly string[];
};

export const mostPromptBytes = 50_000_000;

/** Where the text of a prompt may stand; `turns` is MT-bench's, of which the first is asked. */
const textKeys = ['prompt', 'question', 'instruction', 'text', 'turns'] as const;

/** @throws AppError bad-input when no line holds a prompt */
export function readPromptLines(name: string, file: string): ReadPrompts {
  const prompts: PromptContent[] = [];
  const problems: string[] = [];
  const lines = file.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (typeof read === 'string')
      problems.push(t('Line {number}: {problem}', { number: index + 1, problem: read }));
    else if (prompts.length === promptLimits.prompts) {
      problems.push(
        t('Line {number} and those after it: a set can have at most {most} prompts.', {
          number: index + 1,
          most: promptLimits.prompts,
        }),
      );
      break;
    } else prompts.push(read);
  }
  if (prompts.length > 0) return { prompts, problems };
  throw new AppError({
    code: 'bad-input',
    message: t('There is no prompt in “{name}”.', { name }),
    hint: t('Each line should be an object in JSON, such as {example}.', {
      example: '{"prompt": "Why is the sky blue?", "category": "knowledge"}',
    }),
    ...(problems.length === 0 ? {} : { details: problems.slice(0, 20).join('\n') }),
  });
}

/** One prompt a line; what is not there is left out. */
export function writePromptLines(prompts: readonly PromptContent[]): string {
  return prompts
    .map(({ text, category, level, reference }) => {
      const line = { prompt: text, category, level: level ?? undefined, reference: reference || undefined };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

/** @returns the prompt, or what is wrong with the line */
function readLine(line: string): PromptContent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return t('this is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return t('this is not an object.');
  const record = value as Record<string, unknown>;
  const key = textKeys.find((each) => firstText(record[each]).trim() !== '');
  if (key === undefined) return t('it has no text under {names}.', { names: textKeys.join(', ') });
  // Alpaca's instructions have what they are about beside them.
  const about = key === 'instruction' ? firstText(record['input']) : '';
  const text = [firstText(record[key]), about].filter((part) => part !== '').join('\n\n');
  const reference = firstText(record['reference']);
  const { textCharacters, categoryCharacters } = promptLimits;
  if (Math.max(text.length, reference.length) > textCharacters)
    return t('it has more than {most} characters.', { most: textCharacters });
  const category = firstText(record['category']).trim();
  if (category.length > categoryCharacters)
    return t('its category has more than {most} characters.', { most: categoryCharacters });
  const { level } = record;
  const isLevel = typeof level === 'number' && Number.isInteger(level) && level >= 1 && level <= 99;
  return { category: category || categories[0], level: isLevel ? level : null, text, reference };
}

/** A text, or the first of a list of texts; '' = neither. */
function firstText(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}
