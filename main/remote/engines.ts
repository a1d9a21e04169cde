/** Owns which of the two engines answers: that of this machine, or that of a server; and what only the first one can. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { EngineHost } from '../engine/host.js';
import type { RemoteEngine } from './remote-engine.js';

/** What all that use a model ask of it, wherever it is. */
export type ModelEngine = Omit<EngineHost, 'start' | 'stop' | 'openPort' | 'speak'>;

/** The two as one: the model that was loaded last answers. */
export function joinEngines(local: EngineHost, remote: RemoteEngine): ModelEngine {
  /** What looks into the model itself. */
  const here = async <T>(problem: Message, ask: () => Promise<T>): Promise<T> => {
    if (remote.isLoaded) throw needsLocalModel(problem);
    return ask();
  };
  return {
    async load(request) {
      const isRemote = readRemotePath(request.path) !== null;
      await remote.unload();
      if (!isRemote) return local.load(request);
      // One model at a time: its memory is free for what else runs here. An engine that died has none.
      await local.unload().catch(() => undefined);
      return remote.load(request);
    },
    cancelLoad() {
      remote.cancelLoad();
      local.cancelLoad();
    },
    async unload() {
      await (remote.isLoaded ? remote.unload() : local.unload());
    },
    kill: (reason) => local.kill(reason),
    generate: (request) => (remote.isLoaded ? remote.generate(request) : local.generate(request)),
    cancel(runId) {
      remote.cancel(runId);
      local.cancel(runId);
    },
    planPrompt: async (prompt, maxNewTokens) =>
      remote.isLoaded ? remote.planPrompt(prompt, maxNewTokens) : local.planPrompt(prompt, maxNewTokens),
    promptText: async (prompt, maxNewTokens) =>
      remote.isLoaded ? remote.promptText(prompt, maxNewTokens) : local.promptText(prompt, maxNewTokens),
    countTokens: async (text) => (remote.isLoaded ? remote.countTokens(text) : local.countTokens(text)),
    countPrompt: async (prompt) =>
      remote.isLoaded ? remote.countTokens(prompt.text) : local.countPrompt(prompt),
    modelTemplate: async () => (remote.isLoaded ? remote.chatTemplate : local.modelTemplate()),
    previewTemplate: (template) => local.previewTemplate(template),
    limitStates: (budgetBytes) => local.limitStates(budgetBytes),
    clearStates: () => local.clearStates(),
    inspectPrompt: (request) =>
      here(msg('The view of single tokens needs a model of this machine.'), () =>
        local.inspectPrompt(request),
      ),
    probeTemplate: (runId, template) =>
      here(msg('Probing a template needs a model of this machine.'), () =>
        local.probeTemplate(runId, template),
      ),
    nextTokens: (prompt, sampling, incognito) =>
      here(msg('What else could come next needs a model of this machine.'), () =>
        local.nextTokens(prompt, sampling, incognito),
      ),
    stageShares: (request) =>
      here(msg('The chart of samplers needs a model of this machine.'), () => local.stageShares(request)),
    perplexity: (runId, text) =>
      here(msg('Perplexity needs a model of this machine.'), () => local.perplexity(runId, text)),
    tokensOfPrompt: (prompt) =>
      here(msg('The view of single tokens needs a model of this machine.'), () =>
        local.tokensOfPrompt(prompt),
      ),
    tokenize: (text, marks) =>
      here(msg('Reading tokens needs a model of this machine.'), () => local.tokenize(text, marks)),
    detokenize: (tokens) =>
      here(msg('Reading tokens needs a model of this machine.'), () => local.detokenize(tokens)),
    embed: (runId, texts) =>
      here(msg('Making embeddings needs a model of this machine.'), () => local.embed(runId, texts)),
  };
}

function needsLocalModel(problem: Message): AppError {
  return new AppError({
    code: 'needs-local-model',
    message: t(problem),
    hint: t('A server does not show the inside of its model. Choose one of this machine at the top.'),
  });
}
