/** Owns how a prompt fits the loaded model: the same answer for who asks before sending and for the run itself. */
import { t } from '../../preload/contract/language.js';
import type { Token } from 'node-llama-cpp';
import type { ChatPrompt, Prompt, PromptPlan, TextPrompt } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import { fitToContext, refusal, replyReserve, tooLong } from './budget.js';
import type { EngineModel } from './model.js';
import { templateOf } from './templates/dialogue.js';
import type { Segment } from './templates/template.js';
import { promptTokens, type Vocabulary } from './tokens.js';

/** What of a model decides how a prompt fits. */
type FittingModel = {
  readonly template: EngineModel['template'];
  readonly vocabulary: Vocabulary;
  readonly info: Pick<LoadedModel, 'contextSize'>;
};

/** @param maxNewTokens 0 = not limited */
export function fitPrompt(
  { template: own, vocabulary, info }: FittingModel,
  prompt: ChatPrompt,
  maxNewTokens: number,
): { readonly tokens: readonly Token[]; readonly plan: PromptPlan } {
  const { messages, policy = 'drop-oldest' } = prompt;
  const { contextSize } = info;
  const template = templateOf(own, prompt);
  const reserveTokens = replyReserve(contextSize, maxNewTokens);
  const { tokens, leftOut, overTokens } = fitToContext(
    messages,
    { policy, limit: contextSize - reserveTokens, estimate: (text) => tokensOfText(text, vocabulary) },
    (sent) => promptTokens(template.render(sent), vocabulary),
  );
  return {
    tokens,
    plan: { promptTokens: tokens.length, reserveTokens, contextSize, overTokens, leftOut: [...leftOut] },
  };
}

/**
 * The tokens of a prompt as it is sent.
 * @throws AppError prompt-too-long; bad-input when there is nothing in it
 */
export function fitRequest(
  engine: FittingModel,
  prompt: Prompt,
  { max_new_tokens: maxNewTokens, add_bos_token }: Pick<Sampling, 'max_new_tokens' | 'add_bos_token'>,
): { readonly tokens: readonly Token[]; readonly omitted: number } {
  const { vocabulary, info } = engine;
  if (prompt.kind === 'chat') {
    const { tokens, plan } = fitPrompt(engine, prompt, maxNewTokens);
    const refused = refusal(prompt, plan);
    if (refused !== null) throw refused;
    return { tokens, omitted: plan.leftOut.filter((reason) => reason === 'context-full').length };
  }
  const addBos = vocabulary.addBos && add_bos_token;
  const tokens = promptTokens(segmentsOf(prompt), { ...vocabulary, addBos });
  const limit = info.contextSize - replyReserve(info.contextSize, maxNewTokens);
  if (tokens.length > limit) throw tooLong('text', tokens.length - limit, limit);
  if (tokens.length === 0)
    throw new AppError({
      code: 'bad-input',
      message: t('There is nothing to continue: write something first.'),
    });
  return { tokens, omitted: 0 };
}

/** A text that is a prompt by itself. */
export function segmentsOf({ text, marks = false }: TextPrompt): Segment[] {
  return [{ source: marks ? 'template' : 'user', text }];
}

type Counts = { readonly byText: Map<string, number>; characters: number };
const counts = new WeakMap<Vocabulary, Counts>();
const charactersKept = 4_000_000;

/** Tokens of a text alone, remembered: a long conversation is planned again with each change of the draft. */
function tokensOfText(text: string, vocabulary: Vocabulary): number {
  let known = counts.get(vocabulary);
  const before = known?.byText.get(text);
  if (before !== undefined) return before;
  if (known === undefined || known.characters > charactersKept) known = { byText: new Map(), characters: 0 };
  counts.set(vocabulary, known);
  const tokens = vocabulary.tokenize(text).length;
  known.byText.set(text, tokens);
  known.characters += text.length;
  return tokens;
}
