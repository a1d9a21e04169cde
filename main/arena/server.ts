/** Owns the way of a contestant to the model on a server, with the calls of an engine process; never which server. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { EngineEvents } from '../engine/host.js';
import { RemoteEngine, type RemoteEngineOptions } from '../remote/remote-engine.js';
import type { ArenaEngine } from './engines.js';

export function arenaServer(
  connections: RemoteEngineOptions['connections'],
  events: Pick<EngineEvents, 'run' | 'used'>,
): ArenaEngine {
  const engine = new RemoteEngine({
    connections,
    run: (report) => events.run(report),
    frame: () => undefined,
    used: () => events.used(),
  });
  return {
    load: (request) => engine.load(request),
    cancelLoad: () => engine.cancelLoad(),
    unload: () => engine.unload(),
    // There is no process that could hang.
    kill: () => undefined,
    generate: (request) => engine.generate(request),
    cancel: (runId) => engine.cancel(runId),
    perplexity: () =>
      Promise.reject(
        new AppError({
          code: 'needs-local-model',
          message: t(
            'Perplexity needs a model of this machine: a server does not show the inside of its model.',
          ),
        }),
      ),
    stop: () => engine.unload(),
  };
}
