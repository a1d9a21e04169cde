/** Owns finding the line of what can't be read of a Jinja template; the library that reads it names none. */
import { t } from '../../../preload/contract/language.js';
import { parse, tokenize } from '@huggingface/jinja';

export type JinjaProblem = { readonly line: number; readonly problem: string };

/** Longer ones are not looked through: they are read a dozen times. */
const longest = 100_000;
const blocks = /\{%-?\s*(end)?(if|for|macro|call|filter|generation)\b|\{#[\s\S]*?(?:#\}|$)/g;

/** @returns null when it can be read, or is too long to look through */
export function lineOfProblem(source: string): JinjaProblem | null {
  if (source.length > longest) return null;
  const reason = reasonOf(source);
  if (reason === null) return null;
  const open = unclosedBlock(source);
  // Where the end is missing, the reader runs out of text wherever that is.
  if (open !== null) return open;
  const lines = source.split('\n');
  // The first lines up to which it fails for the same reason: from there on, what comes later is not looked at.
  let [low, high] = [1, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reasonOf(lines.slice(0, middle).join('\n')) === reason) high = middle;
    else low = middle + 1;
  }
  return { line: low, problem: reason };
}

function reasonOf(source: string): string | null {
  try {
    parse(tokenize(source));
    return null;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // Past the last token the library trips over its own feet.
    if (thrown instanceof TypeError) return t('it ends in the middle of something');
    return message.replace(/^Parser Error: /, '').replace(/\.$/, '');
  }
}

/** The last block that nothing closes; null where all are closed. */
function unclosedBlock(source: string): JinjaProblem | null {
  const open: { readonly name: string; readonly at: number }[] = [];
  for (const { 1: end, 2: name, index } of source.matchAll(blocks)) {
    if (name === undefined) continue;
    if (end === undefined) open.push({ name, at: index });
    else if (open.at(-1)?.name === name) open.pop();
    else
      return {
        line: lineAt(source, index),
        problem: t('there is no “{name}” open that “end{name}” could close', { name }),
      };
  }
  const last = open.at(-1);
  return last === undefined
    ? null
    : {
        line: lineAt(source, last.at),
        problem: t('this “{name}” is never closed by “end{name}”', { name: last.name }),
      };
}

const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length;
