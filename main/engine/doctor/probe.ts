/** Owns the self-talk probe: two short turns without stop strings, and what they say of a template. */
import { t } from '../../../preload/contract/language.js';
import type { Token } from 'node-llama-cpp';
import type { Probe, ProbeTurn } from '../../../preload/contract/doctor.js';
import type { PromptMessage } from '../../../preload/contract/engine.js';
import { AppError } from '../../../preload/contract/errors.js';
import { defaultSampling } from '../../../preload/contract/parameters.js';
import { readConstraints } from '../constraints/constraints.js';
import { Decoder } from '../decoding.js';
import type { EngineModel } from '../model.js';
import { readPrompt } from '../prompt-reading.js';
import type { PromptTemplate } from '../templates/template.js';
import { promptTokens, stopTokens } from '../tokens.js';

// eslint-disable-next-line altiplano/no-loose-text -- said to the model
const questions = ['Say hello in one short sentence.', 'Now name one colour, in one word.'];
/** A model that fits ends these long before. */
const maxTokens = 80;

/**
 * Runs the probe with greedy sampling, so that it says the same each time.
 * @throws AppError cancelled, or what the template throws
 */
export async function probe(
  engine: EngineModel,
  template: PromptTemplate,
  signal: AbortSignal,
): Promise<Probe> {
  const turns: ProbeTurn[] = [];
  const messages: PromptMessage[] = [];
  for (const question of questions) {
    messages.push({ role: 'user', text: question });
    const turn = await runTurn(engine, template, messages, question, signal);
    turns.push(turn);
    messages.push({ role: 'assistant', text: cut(turn.reply, template.stops).trim() });
  }
  return { template: template.choice, turns, ...judge(turns, template) };
}

async function runTurn(
  engine: EngineModel,
  template: PromptTemplate,
  messages: readonly PromptMessage[],
  question: string,
  signal: AbortSignal,
): Promise<ProbeTurn> {
  const { model, vocabulary, compute } = engine;
  const prompt = promptTokens(template.render(messages), vocabulary);
  const body = prompt.slice(0, -1);
  const read = await readPrompt(engine, body, { batches: null, onProgress: () => undefined, signal });
  if (read === null) throw stopped();
  const sampling = { ...defaultSampling(), temperature: 0 };
  const constraints = await readConstraints(sampling, engine);
  const decoder = new Decoder(engine, { sampling, constraints, seed: 0, prompt, guidance: null });
  const headTokens = stopTokens([template.userHead], vocabulary);
  const written: Token[] = [];
  const text = () => model.detokenize(written, true, prompt.slice(-4));
  const turn = (ending: ProbeTurn['ending']): ProbeTurn => {
    return { question, reply: text(), tokens: written.length, ending };
  };
  try {
    for (;;) {
      if (signal.aborted) throw stopped();
      const token = await compute.write(() => decoder.next());
      if (token === null) return turn('end');
      written.push(token);
      if (headTokens.has(token)) return turn('user-head');
      if (template.userHead !== '' && text().includes(template.userHead)) return turn('user-head');
      if (written.length >= maxTokens) return turn('limit');
    }
  } finally {
    await decoder.close();
  }
}

function stopped(): AppError {
  return new AppError({ code: 'cancelled', message: t('The probe was stopped.') });
}

function cut(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** Marks of the families and of Jinja templates, where a reply should have none. */
const strayMark =
  /<\|[^|<>\n]{1,30}\|>|<\/?s>|<<\/?SYS>>|\[\/?INST\]|### (?:Instruction|Response|Human|Assistant|Input):|\b(?:USER|ASSISTANT|GPT|Human|Assistant):/;

/** What two turns say, in words. */
export function judge(
  turns: readonly ProbeTurn[],
  { userHead }: Pick<PromptTemplate, 'userHead'>,
): Pick<Probe, 'verdict' | 'reasons'> {
  const bad: string[] = [];
  const unsure: string[] = [];
  for (const [index, { reply, tokens, ending }] of turns.entries()) {
    const which = index === 0 ? 'first' : 'second';
    const own = ending === 'user-head' ? cut(reply, [userHead]) : reply;
    const stray = strayMark.exec(own)?.[0];
    if (ending === 'user-head') {
      bad.push(
        t(
          'The {which, select, first {first} other {second}} reply goes on as the user after {tokens} tokens: it writes “{userHead}” instead of ending.',
          {
            which,
            tokens,
            userHead,
          },
        ),
      );
    } else if (reply.trim() === '') {
      bad.push(
        t('The {which, select, first {first} other {second}} reply is empty: the model ends at once.', {
          which,
        }),
      );
    } else if (ending === 'limit') {
      unsure.push(
        t('The {which, select, first {first} other {second}} reply did not end within {tokens} tokens.', {
          which,
          tokens,
        }),
      );
    }
    if (stray !== undefined)
      bad.push(
        t(
          'The {which, select, first {first} other {second}} reply contains “{stray}” as text, a mark that no answer should have.',
          { which, stray },
        ),
      );
  }
  if (bad.length > 0) return { verdict: 'bad', reasons: [...bad, ...unsure] };
  if (unsure.length > 0) return { verdict: 'unsure', reasons: unsure };
  return {
    verdict: 'good',
    reasons: [t('The model ends both replies by itself, and writes no marks as text.')],
  };
}
