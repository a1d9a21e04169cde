import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Forge, type ForgeProcessEvents } from '../../../../../main/models/forge/queue.js';
import type { ForgeMessage, ForgeRequest, ForgeTask } from '../../../../../preload/contract/forge.js';

type Started = {
  readonly sent: ForgeRequest[];
  readonly say: (message: ForgeMessage) => void;
  readonly end: (evidence?: string) => void;
  kills: number;
};

let folder: string;
let started: Started[];
let forge: Forge;
const done = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forge-'));
  started = [];
  done.mockReset();
  forge = new Forge({
    folder,
    startProcess: (events: ForgeProcessEvents) => {
      const one: Started = {
        sent: [],
        say: (message) => events.message(message),
        end: (evidence = 'exit code 0') => events.exit(evidence),
        kills: 0,
      };
      started.push(one);
      return { send: (request) => one.sent.push(request), kill: () => one.kills++ };
    },
    onChange: () => undefined,
    onDone: done,
  });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const task = (name: string): ForgeTask => ({
  ...{ kind: 'quantize', path: '/from.gguf', name, quantization: 'Q4_0', requantize: false, compare: false },
});
const result = (name: string) => ({
  ...{ path: join(folder, `${name}.gguf`), sizeBytes: 1, sourceBytes: 2, perplexity: null, notes: [] },
});
const states = () => forge.jobs.map(({ task: { name }, state }) => `${name} ${state}`);
const settled = (count: number) =>
  vi.waitFor(() => {
    const open = forge.jobs.filter(({ state }) => state === 'waiting' || state === 'running');
    expect(open).toHaveLength(count);
  });

test('one job after another, each in a process of its own that is ended', async () => {
  forge.start(task('a'));
  forge.start(task('b'));
  expect(states()).toEqual(['b waiting', 'a running']);
  expect(started[0]!.sent).toEqual([{ type: 'start', task: task('a'), outputPath: join(folder, 'a.gguf') }]);
  started[0]!.say({ type: 'progress', step: 'Quantising', progress: 0.5 });
  expect(forge.jobs[1]).toMatchObject({ step: 'Quantising', progress: 0.5 });
  started[0]!.say({ type: 'done', result: result('a') });
  expect(started[0]!.kills).toBe(1);
  started[0]!.end();
  await vi.waitFor(() => expect(states()).toEqual(['b running', 'a done']));
  expect(done).toHaveBeenCalledWith(task('a'), result('a'));
});

test('cancelling: by a message, by force when that is not heard; what was half done is removed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const job = forge.start(task('a'));
  writeFileSync(join(folder, 'a.gguf.forging'), 'half');
  writeFileSync(join(folder, 'a.gguf.source.forging'), 'half');
  forge.cancel(job.id);
  expect(started[0]!.sent.at(-1)).toEqual({ type: 'cancel' });
  expect(started[0]!.kills).toBe(0);
  vi.advanceTimersByTime(5000);
  expect(started[0]!.kills).toBe(1);
  vi.useRealTimers();
  started[0]!.end('exit code 9');
  await settled(0);
  expect(states()).toEqual(['a cancelled']);
  expect(readdirSync(folder)).toEqual([]);
});

test('one that waits is cancelled at once and never started', async () => {
  forge.start(task('a'));
  const waiting = forge.start(task('b'));
  forge.cancel(waiting.id);
  started[0]!.say({ type: 'done', result: result('a') });
  started[0]!.end();
  await settled(0);
  expect(started).toHaveLength(1);
  forge.forget(waiting.id);
  expect(states()).toEqual(['a done']);
});

test('a crash is told with its evidence, and the next job goes on', async () => {
  forge.start(task('a'));
  forge.start(task('b'));
  started[0]!.end('exit code 139\nggml_abort');
  await settled(1);
  expect(states()).toEqual(['b running', 'a failed']);
  expect(forge.jobs[1]!.error).toMatchObject({ code: 'forge-failed', details: 'exit code 139\nggml_abort' });
});

test.each(['../evil', 'a/b', 'a\\b', '/etc/x', 'C:x', 'con', 'LPT1.q4', '.hidden', 'dot.', 'line\nbreak'])(
  'the name %j is refused',
  (name) => {
    expect(() => forge.start(task(name))).toThrow('name of a file');
    expect(started).toEqual([]);
  },
);

test('no file is written over, none made twice', () => {
  writeFileSync(join(folder, 'old.gguf'), 'mine');
  expect(() => forge.start(task('old'))).toThrow('already');
  forge.start(task('new'));
  expect(() => forge.start(task('new'))).toThrow('already');
});

test('what an ended app left behind is cleared away; models and downloads stay', async () => {
  for (const name of ['a.gguf.forging', 'a.gguf', 'b.gguf.part']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'c.gguf.source.forging'), '');
  await forge.tidy();
  expect(readdirSync(folder).sort()).toEqual(['a.gguf', 'b.gguf.part']);
});

test('the end of the app ends a job and leaves nothing half done', async () => {
  forge.start(task('a'));
  writeFileSync(join(folder, 'a.gguf.forging'), 'half');
  const stopped = forge.stop();
  expect(started[0]!.kills).toBe(1);
  started[0]!.end();
  await stopped;
  expect(existsSync(join(folder, 'a.gguf.forging'))).toBe(false);
});
