import { expect, test, vi } from 'vitest';
import { channels, type Channel } from '../../../../preload/contract/index.js';
import { AppError } from '../../../../preload/contract/errors.js';

vi.mock('electron', () => ({ ipcMain: { handle: vi.fn() }, protocol: {} }));
const { answerRequest, isOurPage } = await import('../../../../main/ipc/router.js');
type Handlers = Parameters<typeof answerRequest>[0];

const handlers = (some: Partial<Record<Channel, (input: never) => unknown>>) => some as unknown as Handlers;

test('a request in the contract reaches its handler, parsed', async () => {
  const rename = vi.fn(({ title }: { title: string }) => title);
  const input = { chatId: 'c', title: '  Llamas ' };
  const answer = await answerRequest(handlers({ 'chats.rename': rename }), 'chats.rename', input, vi.fn());
  expect(answer).toEqual({ ok: true, value: 'Llamas' });
});

test('what is not in the contract is refused with a message', async () => {
  for (const [channel, input] of [
    ['chats.explode', {}],
    ['toString', {}],
    [42, {}],
    ['chats.rename', { chatId: 'c', title: '' }],
    ['chats.rename', null],
    ['settings.set', { theme: 'pink' }],
    ['settings.set', { modelPath: '/etc/passwd' }],
    ['settings.set', { sampling: { temperature: 1e9 } }],
  ] as const) {
    const answer = await answerRequest(handlers({}), channel, input, vi.fn());
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  }
});

test('a handler’s error arrives with its hint; an unknown one as unexpected', async () => {
  const problem = vi.fn();
  const busy = new AppError({ code: 'busy', message: 'Busy.', hint: 'Wait.' });
  const failing = (thrown: unknown) =>
    answerRequest(
      handlers({
        'runs.list': () => {
          throw thrown;
        },
      }),
      'runs.list',
      undefined,
      problem,
    );
  expect(await failing(busy)).toEqual({ ok: false, error: busy.toData() });
  expect(problem).not.toHaveBeenCalled();
  const odd = new Error('odd');
  expect(await failing(odd)).toMatchObject({
    ok: false,
    error: { code: 'unexpected', message: 'odd' },
  });
  expect(problem).toHaveBeenCalledWith('ipc runs.list', odd);
});

test('only the main frame of our own page may ask', () => {
  const frame = (url: string, parent: unknown = null) =>
    ({ senderFrame: { url, parent } }) as Parameters<typeof isOurPage>[0];
  expect(isOurPage(frame('app://bundle/index.html'))).toBe(true);
  expect(isOurPage(frame('app://bundle/index.html', {}))).toBe(false);
  expect(isOurPage(frame('app://bundle.evil/index.html'))).toBe(false);
  expect(isOurPage(frame('https://example.org/'))).toBe(false);
  expect(isOurPage({ senderFrame: null })).toBe(false);
});

test('every channel names its input and output', () => {
  for (const { input, output } of Object.values(channels)) {
    expect(input.safeParse).toBeTypeOf('function');
    expect(output.safeParse).toBeTypeOf('function');
  }
});
