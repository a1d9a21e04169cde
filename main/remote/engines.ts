/** Owns which of the two engines answers: that of this machine, or that of a server; and what only the first one can. */
import { AppError } from '../../preload/contract/errors.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { EngineHost } from '../engine/host.js';
import type { RemoteEngine } from './remote-engine.js';

/** What all that use a model ask of it, wherever it is. */
export type ModelEngine = Omit<EngineHost, 'start' | 'stop' | 'openPort'>;

/** The two as one: the model that was loaded last answers. */
export function joinEngines(local: EngineHost, remote: RemoteEngine): ModelEngine {
  /** What looks into the model itself. */
  const here = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    if (remote.isLoaded) throw needsLocalModel(what);
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
    inspectPrompt: (request) => here('The view of single tokens', () => local.inspectPrompt(request)),
    probeTemplate: (runId, template) =>
      here('Probing a template', () => local.probeTemplate(runId, template)),
    nextTokens: (prompt, sampling, incognito) =>
      here('What else could come next', () => local.nextTokens(prompt, sampling, incognito)),
    stageShares: (request) => here('The chart of samplers', () => local.stageShares(request)),
    perplexity: (runId, text) => here('Perplexity', () => local.perplexity(runId, text)),
    tokensOfPrompt: (prompt) => here('The view of single tokens', () => local.tokensOfPrompt(prompt)),
    tokenize: (text, marks) => here('Reading tokens', () => local.tokenize(text, marks)),
    detokenize: (tokens) => here('Reading tokens', () => local.detokenize(tokens)),
    embed: (runId, texts) => here('Making embeddings', () => local.embed(runId, texts)),
  };
}

function needsLocalModel(what: string): AppError {
  return new AppError({
    code: 'needs-local-model',
    message: `${what} needs a model of this machine: a server does not show the inside of its model.`,
    hint: 'Choose one at the top.',
  });
}
