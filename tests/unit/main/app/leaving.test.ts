import { expect, test } from 'vitest';
import { Leaving, type LeavingChoice } from '../../../../main/app/leaving.js';

/** What a user and the replies do, one after the other. */
function scene() {
  const said: string[] = [];
  const at = { replies: 1, answer: (_: LeavingChoice) => {}, written: () => {} };
  const leaving = new Leaving({
    replies: () => at.replies,
    ask: (replies) => {
      said.push(`ask ${replies}`);
      return new Promise((resolve) => (at.answer = resolve));
    },
    written: () => new Promise((resolve) => (at.written = resolve)),
    onWaiting: (isWaiting) => said.push(isWaiting ? 'waits' : 'waits no more'),
    quit: () => said.push(`quit: ${leaving.allow()}`),
  });
  return { leaving, said, at };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));

test('without replies it may end; with them it asks once, however often it is told', async () => {
  const { leaving, said, at } = scene();
  at.replies = 0;
  expect(leaving.allow()).toBe(true);
  at.replies = 2;
  expect([leaving.allow(), leaving.allow()]).toEqual([false, false]);
  expect(said).toEqual(['ask 2']);
  at.answer('cancel');
  await turn();
  expect(leaving.allow()).toBe(false);
  expect(said).toEqual(['ask 2', 'ask 2']);
});

test('it waits until all is written, unless the user thinks again', async () => {
  const { leaving, said, at } = scene();
  leaving.allow();
  at.answer('when-written');
  await turn();
  leaving.stay();
  at.written();
  await turn();
  expect(said).toEqual(['ask 1', 'waits', 'waits no more']);
  leaving.allow();
  at.answer('when-written');
  await turn();
  at.written();
  await turn();
  expect(said.slice(3)).toEqual(['ask 1', 'waits', 'waits no more', 'quit: true']);
});

test('stopping ends it; so does the system while the question stands', async () => {
  for (const answer of ['stop', 'cancel'] as const) {
    const { leaving, said, at } = scene();
    leaving.allow();
    if (answer === 'cancel') leaving.leave();
    at.answer(answer);
    await turn();
    expect(said).toEqual(['ask 1', 'quit: true']);
  }
});
