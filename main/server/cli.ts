/** Owns `npm run serve`: the API for one model, by the same engine code as the app and without Electron. */
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import type { Token } from 'node-llama-cpp';
import { defaultSampling } from '../../preload/contract/parameters.js';
import { TurnQueue } from '../chat/queue.js';
import { newId } from '../db/id.js';
import { modelPath, runProgram, UsageError } from '../engine/command-line.js';
import { embed } from '../engine/embeddings.js';
import { loadModel, type EngineModel } from '../engine/model.js';
import { generate } from '../engine/session.js';
import { makeApi } from './api.js';
import type { Backend } from './backend.js';
import { hashOfKey, newKey } from './guard.js';

const usage = `Usage: npm run serve -- [options]

  --model FILE       GGUF file (default: the path in ALTIPLANO_STARTER_MODEL)
  --port N           1 to 65535 (default 5005); 0 = any that is free
  --key KEY          what clients must send; without it one is made and printed
  --lan              other machines may ask too
  --template ID      prompt template, instead of the one the model calls for
  --context N        context size in tokens
  --threads N        compute threads
`;

await runProgram(usage, serve);

async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      port: { type: 'string' },
      key: { type: 'string' },
      lan: { type: 'boolean', default: false },
      template: { type: 'string' },
      context: { type: 'string' },
      threads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const path = modelPath(values.model);
  const port = whole(values.port, '--port') ?? 5005;
  if (port > 65_535) throw new UsageError('--port goes from 0 to 65535.');
  const engine = await loadModel(
    {
      path,
      contextSize: whole(values.context, '--context') ?? 0,
      threads: whole(values.threads, '--threads') ?? 0,
      ...{ gpuLayers: -1, kvType: 'f16', template: values.template ?? null },
    },
    () => undefined,
    new AbortController().signal,
  );
  const key = values.key ?? newKey();
  const door = { lan: values.lan, hostName: hostname(), keyHash: hashOfKey(key) };
  const api = makeApi({
    backend: engineBackend(engine),
    door: () => door,
    onDone: ({ method, path: asked, status, durationMs, tokens, error }) =>
      process.stderr.write(
        `${method} ${asked} ${status} ${Math.round(durationMs)} ms, ${tokens} tokens${error === null ? '' : `: ${error}`}\n`,
      ),
  });
  await api.listen({ port, host: values.lan ? '0.0.0.0' : '127.0.0.1' });
  const bound = api.server.address();
  process.stdout.write(
    `${engine.info.name} at http://127.0.0.1:${typeof bound === 'object' ? bound?.port : port}/v1${values.key === undefined ? ` with the key ${key}` : ''}\n`,
  );
  const stop = () => {
    void api.close().then(async () => {
      await engine.dispose();
      // llama.cpp's threads would keep the process alive.
      process.exit();
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** One request after another, in the order in which they came; those whose clients are gone leave. */
function engineBackend(engine: EngineModel): Backend {
  const turns = new TurnQueue();
  const inTurn = <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const id = newId();
    const leave = () => turns.leave(id);
    signal?.addEventListener('abort', leave);
    return turns
      .take({ id, lane: 'api', priority: 'person' }, work)
      .finally(() => signal?.removeEventListener('abort', leave));
  };
  return {
    modelName: async () => engine.info.name,
    contextSize: () => engine.info.contextSize,
    sampling: async () => defaultSampling(),
    generate: (job, onText, signal) =>
      inTurn(() => {
        let soFar = '';
        return generate(
          engine,
          { runId: 'api', ...job },
          {
            frame: (frame) => frame.kind === 'text' && onText((soFar += frame.text), frame.tokens ?? []),
            checkpoint: () => undefined,
          },
          signal,
        );
      }, signal),
    tokenize: async (text, marks) => engine.model.tokenize(text, marks, 'trimLeadingSpace'),
    detokenize: async (tokens) => engine.model.detokenize(tokens as Token[], true),
    embed: (texts) => inTurn(() => embed(engine.model, texts, new AbortController().signal)),
  };
}

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${name} needs a whole number, not “${text}”.`);
  return Number(text);
}
