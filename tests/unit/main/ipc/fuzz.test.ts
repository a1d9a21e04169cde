/** 10,000 random messages to each channel: each is answered, and what does not fit reaches nobody. */
import { expect, test, vi } from 'vitest';
import { nothing } from '../../../../preload/contract/channel.js';
import { channels, type Channel, type Envelope } from '../../../../preload/contract/index.js';
import { noteFigures } from '../../../fixtures/figures.js';
import { RandomMessages } from '../../../fixtures/random-messages.js';

vi.mock('electron', () => ({ ipcMain: { handle: vi.fn() }, protocol: {} }));
const { answerRequest } = await import('../../../../main/ipc/router.js');
type Handlers = Parameters<typeof answerRequest>[0];

const each = 10_000;
// Two million errors are made, and nobody reads where.
Error.stackTraceLimit = 0;
const names = Object.keys(channels) as Channel[];

test(`${each} messages to each of the channels: a refusal in words, or a message that fits`, async () => {
  const taken: { input: unknown } = { input: undefined };
  let calls = 0;
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        calls++;
        taken.input = input;
      },
    ]),
  ) as unknown as Handlers;
  const problems: string[] = [];
  // A quarter of the channels take nothing: the same messages do for all of those.
  const random = new RandomMessages(1);
  const forNothing = Array.from({ length: each }, () => random.next(nothing));
  let refused = 0;
  for (const [at, name] of names.entries()) {
    const messages = new RandomMessages(at + 1);
    for (let count = 0; count < each; count++) {
      const { input } = channels[name];
      const message = input === nothing ? forNothing[count] : messages.next(input);
      const before = calls;
      const answer = await answerRequest(handlers, name, message, () => undefined).catch(
        (thrown: unknown) => ({ thrown }) as unknown as Envelope<unknown>,
      );
      const problem = problemOf(answer, calls - before, taken.input);
      if (problem !== null) problems.push(`${name}: ${problem} ${shown(message)}`);
      if (calls === before) refused++;
    }
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  const all = names.length * each;
  noteFigures('ipc-fuzz', [
    {
      what: `${all.toLocaleString('en')} random messages to ${names.length} channels, answered`,
      wanted: all,
      got: calls + refused,
    },
    { what: 'of these, answered wrongly', wanted: 0, got: problems.length },
  ]);
  expect(problems.slice(0, 20)).toEqual([]);
  expect(refused).toBeGreaterThan(all / 4);
  expect(calls).toBeGreaterThan(all / 20);
}, 400_000);

function problemOf(answer: Envelope<unknown>, calls: number, input: unknown): string | null {
  if (answer.ok) {
    if (calls !== 1) return `answered after ${calls} calls`;
    return hasForeignPrototype(input) ? 'a prototype came through' : null;
  }
  const { error } = answer;
  if (error === undefined) return 'threw';
  if (calls !== 0) return 'was called';
  if (error.code !== 'bad-input') return `code ${error.code}: ${error.message} ${error.details}`;
  if (error.message === '' || error.message.length > 500) return `a message of ${error.message.length}`;
  return (error.details?.length ?? 0) > 5000 ? `details of ${error.details?.length}` : null;
}

function hasForeignPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForeignPrototype);
  // The bytes of a file that was pasted.
  if (value instanceof Uint8Array) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return !isPlain || Object.values(value).some(hasForeignPrototype);
}

const shown = (message: unknown) =>
  JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))?.slice(
    0,
    200,
  ) ?? 'undefined';
