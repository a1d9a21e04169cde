/** Owns how the API gets its answers within the app: in turn with the chats, by the model that is chosen there. */
import { AppError } from '../../preload/contract/errors.js';
import type { InForceFor } from '../chat/in-force.js';
import type { TurnQueue } from '../chat/queue.js';
import type { Runs } from '../chat/runs.js';
import { newId } from '../db/id.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';
import type { Backend } from './backend.js';

export type AppBackendOptions = {
  readonly runs: Pick<Runs, 'collect' | 'stop'>;
  readonly turns: Pick<TurnQueue, 'take' | 'leave'>;
  readonly engine: Pick<EngineHost, 'tokenize' | 'detokenize' | 'embed'>;
  readonly loader: Pick<ModelLoader, 'ensureLoaded' | 'modelName' | 'status'>;
  readonly inForce: InForceFor;
};

/** What all requests of the API share: together they take turns with the chats as one of them. */
const lane = 'api';
/** Between two pieces of a stream. */
const pieceMs = 40;

export function appBackend({ runs, turns, engine, loader, inForce }: AppBackendOptions): Backend {
  const loaded = async <T>(work: () => Promise<T>): Promise<T> => {
    await loader.ensureLoaded();
    return work();
  };
  return {
    modelName: () =>
      loader.modelName().then(
        (name) => name,
        () => null,
      ),
    contextSize: () => (loader.status.state === 'ready' ? loader.status.contextSize : null),
    sampling: async () => (await inForce(null)).sampling,
    async generate(job, onText, signal) {
      await loader.modelName();
      const runId = newId();
      const stop = () => runs.stop(runId);
      signal.addEventListener('abort', stop);
      try {
        const request = { runId, ...job, frameIntervalMs: pieceMs };
        const report = await runs.collect(request, { lane, priority: 'person' }, onText);
        if (report.type === 'failed') throw new AppError(report.error);
        return report;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    tokenize: (text, marks) => loaded(() => engine.tokenize(text, marks)),
    detokenize: (tokens) => loaded(() => engine.detokenize(tokens)),
    embed: (texts) => {
      const runId = newId();
      return turns.take({ id: runId, lane, priority: 'person' }, () =>
        loaded(() => engine.embed(runId, texts)),
      );
    },
  };
}
