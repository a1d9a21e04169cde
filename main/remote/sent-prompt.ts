/** Owns what of a prompt is sent to a server, as text by our template or as messages, and how it fits; sends nothing. */
import { t } from '../../preload/contract/language.js';
import type { ChatPrompt, Prompt, PromptMessage, PromptPlan } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import { fitToContext, replyReserve } from '../engine/budget.js';
import { templateOf } from '../engine/templates/dialogue.js';
import { alternating, joined, type PromptTemplate } from '../engine/templates/template.js';
import type { TokenEstimate } from './token-estimate.js';
import { withoutTypedMarks } from './typed-marks.js';

/** How prompts are written for the model of a connection. */
export type Writing = {
  readonly host: string;
  readonly template: PromptTemplate;
  /** The server writes it before every text by itself; '' = unknown. */
  readonly bosText: string;
  readonly mode: 'text' | 'messages';
  /** Whether the server goes on with a text as it stands. */
  readonly completes: boolean;
  readonly contextSize: number;
  readonly estimate: TokenEstimate;
};

export type SentPrompt =
  | { readonly kind: 'text'; readonly text: string; readonly stops: readonly string[] }
  | {
      readonly kind: 'messages';
      readonly messages: readonly { readonly role: PromptMessage['role']; readonly content: string }[];
      /** The last message is the assistant's, and not whole. */
      readonly isOpen: boolean;
      readonly stops: readonly string[];
    };

export type FittedPrompt = { readonly sent: SentPrompt; readonly plan: PromptPlan };

/** What the server's template adds to each message, roughly. */
const tokensAroundMessage = 5;

/**
 * The prompt as it would be sent, and how it fits by the estimate.
 * @param maxNewTokens 0 = not limited
 * @throws AppError needs-local-model for what the server can't be asked
 */
export function fitForServer(writing: Writing, prompt: Prompt, maxNewTokens: number): FittedPrompt {
  const { contextSize, estimate } = writing;
  const reserveTokens = replyReserve(contextSize, maxNewTokens);
  const limit = contextSize - reserveTokens;
  if (prompt.kind === 'text') {
    const sent: SentPrompt = { kind: 'text', text: completed(writing, prompt.text), stops: [] };
    const promptTokens = estimate.of(sent.text);
    const overTokens = Math.max(0, promptTokens - limit);
    return {
      sent,
      plan: { promptTokens, reserveTokens, contextSize, overTokens, leftOut: [], isEstimate: true },
    };
  }
  const { messages, policy = 'drop-oldest' } = prompt;
  const { tokens, leftOut, overTokens } = fitToContext(
    messages,
    { policy, limit, estimate: (text) => estimate.of(text) },
    (kept) => {
      const sent = written(writing, { ...prompt, messages: [...kept] });
      return { sent, length: tokensOf(sent, estimate) };
    },
  );
  const plan = { promptTokens: tokens.length, reserveTokens, contextSize, overTokens, leftOut: [...leftOut] };
  return { sent: tokens.sent, plan: { ...plan, isEstimate: true } };
}

/** What is sent as one text, to count it. */
export const textOf = (sent: SentPrompt): string =>
  sent.kind === 'text' ? sent.text : sent.messages.map(({ content }) => content).join('\n');

function tokensOf(sent: SentPrompt, estimate: TokenEstimate): number {
  const around = sent.kind === 'text' ? 0 : sent.messages.length * tokensAroundMessage;
  return estimate.of(textOf(sent)) + around;
}

function written(writing: Writing, prompt: ChatPrompt): SentPrompt {
  const { template, mode } = writing;
  // Lines with names are no turns: they can be sent as they are wherever a text can.
  const isText = mode === 'text' || (prompt.dialogue?.command === null && writing.completes);
  if (!isText) return asMessages(writing, prompt);
  const { render, stops, userStops } = templateOf(template, prompt);
  const text = joined(withoutTypedMarks(render(prompt.messages)));
  const isUsers = prompt.messages.at(-1)?.isOpen === true;
  return { kind: 'text', text: withoutBos(text, writing.bosText), stops: isUsers ? userStops : stops };
}

/** The turns as our template would be given them. */
function asMessages({ template, host }: Writing, prompt: ChatPrompt): SentPrompt {
  if (prompt.messages.at(-1)?.isOpen === true)
    throw needsText(
      t(
        'Writing your message needs a model that is given a text as it stands, and {host} takes only messages.',
        { host },
      ),
    );
  let turns: readonly PromptMessage[] = alternating(prompt.messages);
  const noting: PromptTemplate = {
    ...template,
    stops: [],
    render: (messages) => {
      turns = alternating(messages);
      return [];
    },
  };
  const { render, stops } = templateOf(noting, prompt);
  if (prompt.dialogue?.command !== null) render(prompt.messages);
  return {
    kind: 'messages',
    messages: turns.filter(({ text }) => text !== '').map(({ role, text }) => ({ role, content: text })),
    isOpen: turns.at(-1)?.role === 'assistant' && turns.at(-1)?.text !== '',
    stops,
  };
}

function completed({ completes, host }: Writing, text: string): string {
  if (!completes)
    throw needsText(
      t(
        'Going on with a text needs a model that is given a text as it stands, and {host} takes only messages.',
        { host },
      ),
    );
  return text;
}

const withoutBos = (text: string, bosText: string) =>
  bosText !== '' && text.startsWith(bosText) ? text.slice(bosText.length) : text;

function needsText(message: string): AppError {
  return new AppError({
    code: 'needs-local-model',
    message,
    hint: t('Choose a model of this machine, or a server such as llama.cpp’s, at the top.'),
  });
}
