/** Owns having a server count the tokens of what is about to be sent to it; what is still being written is never told. */
import { t } from '../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import { knownServers } from '../../preload/contract/server-kinds.js';
import type { ConnectedModel } from './connected-model.js';
import { textOf, type FittedPrompt } from './sent-prompt.js';

const countedSchema = z.looseObject({ count: z.number().int().optional(), tokens: z.array(z.unknown()) });
/** Each try learns from the one before. */
const mostTries = 4;

/**
 * The prompt by the server's count, where it counts; otherwise by the estimate.
 * @param fit fits by the estimate, which is better each time
 */
export async function countExactly(
  model: ConnectedModel,
  fit: () => FittedPrompt,
  signal: AbortSignal,
): Promise<FittedPrompt> {
  let fitted = fit();
  for (let tries = 0; tries < mostTries; tries++) {
    const { sent, plan } = fitted;
    const promptTokens = sent.kind === 'text' ? await count(model, sent.text, signal) : null;
    if (promptTokens === null) return fitted;
    model.writing.estimate.learn(textOf(sent), promptTokens);
    const overTokens = Math.max(0, promptTokens - (plan.contextSize - plan.reserveTokens));
    fitted = { sent, plan: { ...plan, promptTokens, overTokens, isEstimate: false } };
    const again = overTokens > 0 || plan.leftOut.includes('context-full') ? fit() : fitted;
    if (textOf(again.sent) === textOf(sent)) return fitted;
    fitted = again;
  }
  return fitted;
}

/** Null where the server does not count. */
async function count(
  { facts, server, id, info }: ConnectedModel,
  text: string,
  signal: AbortSignal,
): Promise<number | null> {
  const { tokenize } = knownServers[facts.kind];
  if (tokenize === null) return null;
  const root = facts.apiUrl.replace(/\/v\d[^/]*$/, '');
  const json =
    tokenize === 'vllm'
      ? { model: id, prompt: text }
      : { content: text, add_special: true, parse_special: true };
  try {
    const { count: counted, tokens } = await server.ask(`${root}/tokenize`, countedSchema, {
      ...{ json, signal },
      cause: t('A reply by {name}', { name: info.name }),
    });
    return counted ?? tokens.length;
  } catch (thrown) {
    // What is wrong with the server is told by the request that matters.
    if (AppError.from(thrown).code === 'cancelled') throw thrown;
    return null;
  }
}
