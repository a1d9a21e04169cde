/** The engine's side of the protocol when the graphics card is lost in the middle of a reply. */
import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { EngineServer } from '../../../../main/engine/server.js';
import { StateFiles } from '../../../../main/engine/state-files.js';
import type { EngineMessage } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

vi.mock('../../../../main/engine/model.js', () => ({
  loadModel: async () => ({ info: {}, dispose: async () => undefined }),
}));
vi.mock('../../../../main/engine/session.js', () => ({
  generate: async (
    _engine: unknown,
    { runId }: { runId: string },
    { frame }: { frame: (f: object) => void },
  ) => {
    frame({ kind: 'text', runId, offset: 0, text: 'Llamas', tokensPerSecond: 1 });
    throw new Error('vk::Queue::submit: ErrorDeviceLost');
  },
}));

test('the process is given up, and no end of the reply is told but its own', async () => {
  const posted: EngineMessage[] = [];
  const gpuLost = vi.fn();
  const outlet = { post: (message: EngineMessage) => posted.push(message), frame: () => undefined, gpuLost };
  const server = new EngineServer(outlet, new StateFiles(tmpdir()));
  const load = { path: '/a.gguf', contextSize: 0, kvType: 'f16', gpuLayers: -1, threads: 0, template: null };
  server.receive({ type: 'call', seq: 1, name: 'load', input: load });
  const prompt = { kind: 'chat', messages: [{ role: 'user', text: 'Hello' }] };
  const run = { runId: 'a', prompt, sampling: defaultSampling() };
  server.receive({ type: 'call', seq: 2, name: 'generate', input: run });
  await expect.poll(() => gpuLost.mock.calls.length).toBe(1);
  expect(String(gpuLost.mock.lastCall)).toContain('ErrorDeviceLost');
  expect(posted.map(({ type }) => type)).toEqual(['answer', 'text', 'answer']);
});
