/** Owns looking at a prompt before it is sent: its tokens with their sources, what is sound, what changed; never sends it. */
import type { Token } from 'node-llama-cpp';
import type { Inspection, ShownToken } from '../../../preload/contract/doctor.js';
import type { ChatPrompt, TextPrompt } from '../../../preload/contract/engine.js';
import type { EngineModel } from '../model.js';
import { fitPrompt, segmentsOf } from '../prompt-plan.js';
import { candidates } from '../templates/choose.js';
import { templateOf } from '../templates/dialogue.js';
import { joined } from '../templates/template.js';
import { sourcedTokens } from '../tokens.js';
import { compareForms } from './comparison.js';
import { findingsOf } from './findings.js';

/**
 * @param maxNewTokens 0 = not limited
 * @param conversation whose last request it is compared with; null = none
 * @throws AppError template-failed when the template refuses the turns
 */
export function inspectPrompt(
  engine: EngineModel,
  prompt: ChatPrompt,
  maxNewTokens: number,
  conversation: string | null,
): Inspection {
  const { vocabulary, model, sequence, traits, choice, sent } = engine;
  const { segments, plan, template } = sentSegments(engine, prompt, maxNewTokens);
  const detokenize = detokenizer(engine);
  const tokens = sourcedTokens(segments, vocabulary, detokenize);
  const previous = conversation === null ? null : sent.of(conversation);
  return {
    tokens,
    previous: previous === null ? null : textsOf(previous, detokenize),
    reusableTokens: commonStart(
      tokens.map(({ id }) => id),
      sequence.contextTokens,
    ),
    leftOut: plan.leftOut,
    findings: findingsOf({
      template,
      vocabulary,
      segments,
      tokens,
      isEnd: (token) => model.isEogToken(token),
      hasSystemPrompt: prompt.messages.some(({ role }) => role === 'system'),
      warning: choice.warning,
    }),
    stops: [...template.stops],
    template: template.choice,
    candidates: candidates(traits, choice),
    comparison: compareForms(traits, choice),
  };
}

function textsOf(
  tokens: readonly Token[],
  detokenize: (tokens: readonly Token[], before: readonly Token[]) => string,
): { id: Token; text: string }[] {
  return tokens.map((id, at) => ({ id, text: detokenize([id], tokens.slice(Math.max(0, at - 1), at)) }));
}

/** The prompt as it would be sent, as text with the names of special tokens. @throws AppError template-failed */
export function promptText(engine: EngineModel, prompt: ChatPrompt, maxNewTokens: number): string {
  return joined(sentSegments(engine, prompt, maxNewTokens).segments);
}

/** The tokens of a text that is a prompt by itself. */
export function tokensOfPrompt(engine: EngineModel, prompt: TextPrompt): ShownToken[] {
  return sourcedTokens(segmentsOf(prompt), engine.vocabulary, detokenizer(engine));
}

function sentSegments(engine: EngineModel, prompt: ChatPrompt, maxNewTokens: number) {
  const { plan } = fitPrompt(engine, prompt, maxNewTokens);
  const sent = prompt.messages.filter((_, index) => plan.leftOut[index] === null);
  const template = templateOf(engine.template, prompt);
  return { segments: template.render(sent), plan, template };
}

const detokenizer =
  ({ model }: EngineModel) =>
  (tokens: readonly Token[], before: readonly Token[]) =>
    model.detokenize(tokens, true, before);

/** The last token of a prompt is always evaluated anew. */
function commonStart(tokens: readonly Token[], held: readonly Token[]): number {
  const different = tokens.findIndex((token, index) => token !== held[index]);
  return Math.min(different < 0 ? tokens.length : different, tokens.length - 1);
}
