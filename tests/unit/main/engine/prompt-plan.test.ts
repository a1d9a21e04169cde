/** How much work a plan is: tokens are counted once for each text, and few prompts are rendered. */
import type { Token } from 'node-llama-cpp';
import { expect, test, vi } from 'vitest';
import { fitPrompt, fitRequest } from '../../../../main/engine/prompt-plan.js';
import { familyTemplate } from '../../../../main/engine/templates/family-template.js';
import type { PromptTemplate } from '../../../../main/engine/templates/template.js';
import type { Vocabulary } from '../../../../main/engine/tokens.js';
import type { ChatPrompt, Prompt } from '../../../../preload/contract/engine.js';

/** A word is a token; each message begins with four tokens of the template. */
function setUp() {
  const words = (text: string) => text.split(' ').filter(Boolean);
  const tokenize = vi.fn((text: string) => words(text).map((_, index) => index as Token));
  const render = vi.fn<PromptTemplate['render']>((messages) =>
    messages.flatMap(({ role, text }) => [
      { source: 'template' as const, text: '<m><m><m><m>' },
      { source: role, text },
    ]),
  );
  const vocabulary: Vocabulary = {
    ...{ controlTokens: new Map([['<m>', 9 as Token]]), size: 10 },
    ...{ bos: null, addBos: false, nameOf: () => '', tokenTexts: () => [], tokenize },
  };
  return {
    engine: { template: { ...familyTemplate('koala'), render }, vocabulary, info: { contextSize: 2048 } },
    tokenize,
    render,
  };
}

const message = (index: number) => ({
  role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
  text: `message ${index} ${'word '.repeat(1 + (index % 40))}`,
});
const long = Array.from({ length: 2000 }, (_, index) => message(index));

test('1,000 turns: a change of the draft costs three prompts of about the size of the context', () => {
  const { engine, tokenize, render } = setUp();
  const plan = (draft: string, policy?: ChatPrompt['policy']) =>
    fitPrompt(engine, { kind: 'chat', messages: [...long, { role: 'user', text: draft }], policy }, 0).plan;
  plan('first draft');
  const rendered = () => render.mock.calls.map(([messages]) => messages.length);
  tokenize.mockClear();
  render.mockClear();
  const { promptTokens, leftOut, overTokens } = plan('another draft');
  expect(rendered().length).toBeLessThanOrEqual(3);
  const sent = leftOut.filter((reason) => reason === null).length;
  for (const length of rendered()) expect(length).toBeLessThan(1.3 * sent);
  // The texts of the prompts, and the new draft alone.
  expect(tokenize.mock.calls.length).toBeLessThanOrEqual(3 * 1.3 * sent + 1);
  expect(promptTokens).toBeLessThanOrEqual(2048 - 512);
  expect(overTokens).toBe(0);
});

test('the totals say what is kept for the reply', () => {
  const { engine } = setUp();
  const prompt = { kind: 'chat' as const, messages: [{ role: 'user' as const, text: 'one two three' }] };
  expect(fitPrompt(engine, prompt, 0).plan).toEqual({
    ...{ promptTokens: 7, reserveTokens: 512, contextSize: 2048, overTokens: 0, leftOut: [null] },
  });
  expect(fitPrompt(engine, prompt, 100).plan.reserveTokens).toBe(100);
});

test('the text of a note begins with the model’s mark for a beginning unless that is off; a chat’s does as its template says', () => {
  const { engine } = setUp();
  const controlTokens = new Map([...engine.vocabulary.controlTokens, ['<s>', 7 as Token]]);
  const wanting = {
    ...engine,
    vocabulary: { ...engine.vocabulary, controlTokens, bos: 7 as Token, addBos: true },
  };
  const tokens = (prompt: Prompt, add_bos_token: boolean) =>
    fitRequest(wanting, prompt, { max_new_tokens: 0, add_bos_token }).tokens;
  const note: Prompt = { kind: 'text', text: 'one two' };
  expect(tokens(note, true)).toEqual([7, 0, 1]);
  expect(tokens(note, false)).toEqual([0, 1]);
  const chat: Prompt = { kind: 'chat', messages: [{ role: 'user', text: 'one' }] };
  expect(tokens(chat, false)[0]).toBe(7);
});
