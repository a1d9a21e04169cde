/** Which of the two engines answers, and what only the one of this machine can. */
import { expect, test } from 'vitest';
import type { EngineHost } from '../../../../main/engine/host.js';
import { joinEngines } from '../../../../main/remote/engines.js';
import type { RemoteEngine } from '../../../../main/remote/remote-engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

function setUp() {
  const calls: string[] = [];
  let isRemote = false;
  const local = new Proxy({} as EngineHost, {
    get: (_target, name) => async () => void calls.push(`here ${String(name)}`),
  });
  const remote = {
    get isLoaded() {
      return isRemote;
    },
    load: async () => {
      isRemote = true;
      calls.push('server load');
    },
    unload: async () => {
      isRemote = false;
      calls.push('server unload');
    },
    generate: async () => void calls.push('server generate'),
    cancel: () => void calls.push('server cancel'),
    countTokens: () => 7,
    planPrompt: () => ({ promptTokens: 7 }),
  } as unknown as RemoteEngine;
  return { calls, engine: joinEngines(local, remote) };
}

const load = { contextSize: 0, kvType: 'f16', gpuLayers: 0, threads: 0, template: null } as const;
const run = { runId: 'a', prompt: { kind: 'text', text: 'x' }, sampling: defaultSampling() } as const;

test('one model at a time, and the one that was loaded last answers', async () => {
  const { calls, engine } = setUp();
  await engine.load({ ...load, path: '/m.gguf' });
  await engine.generate(run);
  await engine.load({ ...load, path: 'remote:c/m' });
  await engine.generate(run);
  await engine.load({ ...load, path: '/m.gguf' });
  await engine.generate(run);
  expect(calls).toEqual([
    ...['server unload', 'here load', 'here generate'],
    ...['server unload', 'here unload', 'server load', 'server generate'],
    ...['server unload', 'here load', 'here generate'],
  ]);
});

test('what looks into a model says that it needs one of this machine; the rest is answered', async () => {
  const { calls, engine } = setUp();
  await engine.load({ ...load, path: 'remote:c/m' });
  calls.length = 0;
  const prompt = { kind: 'chat', messages: [] } as const;
  const looks = [
    () => engine.inspectPrompt({ prompt: { ...prompt, messages: [] }, maxNewTokens: 0, conversation: null }),
    () => engine.probeTemplate('a', null),
    () => engine.nextTokens(run.prompt, run.sampling),
    () => engine.stageShares({ ...run, incognito: false }),
    () => engine.perplexity('a', 'x'),
    () => engine.tokensOfPrompt(run.prompt),
    () => engine.embed('a', ['x']),
  ];
  for (const look of looks) await expect(look()).rejects.toMatchObject({ code: 'needs-local-model' });
  expect(calls).toEqual([]);
  expect(await engine.countTokens('x')).toBe(7);
  expect(await engine.planPrompt({ kind: 'chat', messages: [] }, 0)).toEqual({ promptTokens: 7 });
  await engine.limitStates(1);
  expect(calls).toEqual(['here limitStates']);
});
