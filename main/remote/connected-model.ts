/** Owns what is known of a model on a server once it is chosen: its template, its context, how it is asked; asks nothing. */
import { t } from '../../preload/contract/language.js';
import type { ConnectionRecord, ServerFacts } from '../../preload/contract/connections.js';
import type { LoadRequest } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import { remoteModelName } from '../../preload/contract/remote-path.js';
import { knownServers } from '../../preload/contract/server-kinds.js';
import { chooseTemplate, type Choice } from '../engine/templates/choose.js';
import type { Writing } from './sent-prompt.js';
import type { RemoteServer } from './server.js';
import { TokenEstimate } from './token-estimate.js';

export type ConnectedModel = {
  /** As the server names it. */
  readonly id: string;
  readonly facts: ServerFacts;
  readonly server: RemoteServer;
  readonly writing: Writing;
  readonly info: LoadedModel;
};

/** What most servers give a model, where they are asked for nothing else and do not say it. */
const assumedContext = 4096;
/** The template of models of which nothing is known: it writes turns as they stand. */
const unknownTemplate = 'llama-base';

/** As people see it, and as a reply keeps it: in no language, since it tells models apart. */
export const connectedName = (model: string, host: string) => [remoteModelName(model), host].join(' at ');

/** @throws AppError model-missing when the server does not have it any more */
export function connectModel(
  { name, address, mode, contextSize: given, facts }: ConnectionRecord,
  id: string,
  server: RemoteServer,
  { path, template: chosenId, written }: Pick<LoadRequest, 'path' | 'template' | 'written'>,
): ConnectedModel {
  const { host } = new URL(address);
  const listed = facts.models.find((model) => model.id === id);
  if (listed === undefined) {
    throw new AppError({
      code: 'model-missing',
      message: t('{host} does not have {model} any more.', { host, model: remoteModelName(id) }),
      hint: t('Choose another model at the top.'),
    });
  }
  const choice = templateFor(id, facts, chosenId, written);
  const isKnown = choice.template.choice.id !== unknownTemplate || chosenId !== null;
  const sends = facts.completes && (mode === 'text' || (mode === 'auto' && isKnown)) ? 'text' : 'messages';
  const contextSize = listed.contextSize ?? given ?? assumedContext;
  const { label } = knownServers[facts.kind];
  return {
    ...{ id, facts, server },
    writing: {
      ...{
        host,
        template: choice.template,
        bosText: facts.template?.addsBos === true ? facts.template.bos : '',
      },
      ...{ mode: sends, completes: facts.completes, contextSize, estimate: new TokenEstimate() },
    },
    info: {
      ...{ path, name: connectedName(id, host), contextSize, threads: 0, gpu: null },
      template: sends === 'text' ? choice.template.choice : { id: 'server', label: t('The server’s') },
      templateReason:
        sends === 'text'
          ? t('{reason} {name} is given the text that it writes.', { reason: choice.reason, name })
          : facts.completes
            ? t('{host} is given the messages, and writes them by its own template.', { host })
            : t(
                '{host} is given the messages, and writes them by its own template. It takes no text as it stands.',
                { host },
              ),
      identity: { sizeBytes: 0, hash: '' },
      memory: { weightsBytes: 0, kvBytes: 0, computeBytes: 0, vramBytes: 0 },
      freeVramBytes: null,
      engine: [label, facts.version].filter((part) => part !== null).join(' '),
      remote: {
        ...{ host, kind: facts.kind, sends },
        contextFrom: listed.contextSize !== null ? 'server' : given !== null ? 'given' : 'assumed',
      },
    },
  };
}

function templateFor(
  id: string,
  { template }: ServerFacts,
  chosenId: string | null,
  written: LoadRequest['written'],
): Choice {
  const traits = {
    ...{ chatTemplate: template?.text ?? null, bosText: template?.bos ?? '', eosText: template?.eos ?? '' },
    ...{ names: [], fileName: remoteModelName(id) },
    // Of a vocabulary elsewhere only what its template writes is known.
    hasToken: (text: string) => template?.text.includes(text) ?? false,
  };
  return chooseTemplate(traits, chosenId, written);
}
