import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { TurnQueue, type Ticket } from '../../../../main/chat/queue.js';

let turns: TurnQueue;
let heard: Record<string, number>;
/** Ids in the order in which their work began, and how to end each. */
let begun: string[];
let ends: Map<string, () => void>;

beforeEach(() => {
  heard = {};
  begun = [];
  ends = new Map();
  turns = new TurnQueue((before) => (heard = before));
});

/** Work of a lane, named `lane1`, `lane2` …, which goes on until it is ended. */
function take(id: string, priority: Ticket['priority'] = 'person'): Promise<string> {
  return turns.take({ id, lane: id.replace(/\d+$/, ''), priority }, async () => {
    begun.push(id);
    await new Promise<void>((resolve) => ends.set(id, resolve));
    return id;
  });
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

/** Ends one after the other as they come. */
async function endAll(): Promise<string[]> {
  for (let at = 0; at < begun.length; at++) {
    ends.get(begun[at]!)!();
    await settle();
  }
  return begun;
}

test('one at a time, in the order in which they came; each gets its own answer', async () => {
  const answers = Promise.all([take('a1'), take('b1'), take('c1')]);
  expect(begun).toEqual(['a1']);
  expect(heard).toEqual({ b1: 1, c1: 2 });
  expect(await endAll()).toEqual(['a1', 'b1', 'c1']);
  expect(await answers).toEqual(['a1', 'b1', 'c1']);
  expect(heard).toEqual({});
});

test('a chat that asked often does not keep the others waiting', async () => {
  for (const id of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) void take(id);
  expect(heard).toEqual({ b1: 1, c1: 2, a2: 3, b2: 4, a3: 5 });
  expect(await endAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('background work waits for all others, also for those that come later', async () => {
  for (const id of ['a1', 'b1']) void take(id);
  void take('title1', 'background');
  void take('c1');
  expect(heard).toEqual({ b1: 1, c1: 2, title1: 3 });
  expect(await endAll()).toEqual(['a1', 'b1', 'c1', 'title1']);
});

describe('leaving', () => {
  test('one that waits is told, and the others move up', async () => {
    void take('a1');
    const left = take('b1');
    void take('c1');
    expect(turns.leave('b1')).toBe(true);
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect(heard).toEqual({ c1: 1 });
    expect(await endAll()).toEqual(['a1', 'c1']);
  });

  test('what has begun, and what is unknown, is not taken back', () => {
    void take('a1');
    expect(turns.leave('a1')).toBe(false);
    expect(turns.leave('x1')).toBe(false);
  });
});

test('work that fails ends its turn', async () => {
  const failing = turns.take({ id: 'a', lane: 'a', priority: 'person' }, () =>
    Promise.reject(new Error('no')),
  );
  void take('b1');
  await expect(failing).rejects.toThrow('no');
  await settle();
  expect(begun).toEqual(['b1']);
});

test('whoever asks how often: no chat is served twice while another one waits for its first turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }), async (lanes) => {
      begun = [];
      turns = new TurnQueue();
      lanes.forEach((lane, index) => void take(`${lane}${index}`));
      const told = turns.before;
      const order = await endAll();
      expect(order).toHaveLength(lanes.length);
      order.slice(1).forEach((id, index) => expect(told[id]).toBe(index + 1));
      const served = order.map((id) => id[0]!);
      served.forEach((lane, at) => {
        const isAgain = served.slice(0, at).includes(lane);
        const waiting = served.slice(at).filter((other) => !served.slice(0, at).includes(other));
        if (isAgain) expect(waiting).toEqual([]);
      });
    }),
    { numRuns: 50 },
  );
});
