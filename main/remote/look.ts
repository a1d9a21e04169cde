/** Owns finding out what a server is: its kind, its models, their context and template, whether it completes texts; writes nothing. */
import { t } from '../../preload/contract/language.js';
import { z } from 'zod';
import type { ServerFacts } from '../../preload/contract/connections.js';
import { AppError } from '../../preload/contract/errors.js';
import { knownServers, type ServerKind } from '../../preload/contract/server-kinds.js';
import { isUntrusted } from '../net/errors.js';
import { ServerRefusal } from './refusal.js';
import type { RemoteServer } from './server.js';

const size = z.number().int().positive().nullish().catch(null);
const text = z.string().nullish().catch(null);

/** OpenAI's list; vLLM, OpenRouter and llama.cpp say the context in it, each in its own field. */
const modelsSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string().min(1).max(1000),
      owned_by: text,
      max_model_len: size,
      context_length: size,
    }),
  ),
});
const propsSchema = z.looseObject({
  default_generation_settings: z.looseObject({ n_ctx: size }),
  chat_template: text,
  bos_token: text,
  eos_token: text,
  build_info: text,
});
const tokensSchema = z.looseObject({ tokens: z.array(z.unknown()) });
const versionSchema = z.looseObject({ version: z.string() });
const webuiSchema = z.looseObject({ model_name: z.string().nullable() });
const lmStudioSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      type: text,
      loaded_context_length: size,
      max_context_length: z.number(),
    }),
  ),
});
const ollamaRunningSchema = z.looseObject({
  models: z.array(z.looseObject({ name: z.string(), context_length: size })),
});

const cause = () => t('Looked what the server is');

/** The API begins at the address itself, or at `/v1` below it. */
const apiPlaces = (address: string) =>
  /\/v\d[^/]*(\/openai)?$/.test(address) ? [address] : [`${address}/v1`, address];

/**
 * @param address without a slash at its end
 * @throws AppError with what is wrong and what to do: refused, not found, not let in, no such API, no answer in time
 */
export async function look(server: RemoteServer, address: string, signal: AbortSignal): Promise<ServerFacts> {
  const { apiUrl, models } = await findApi(server, address, signal);
  const root = apiUrl.replace(/\/v\d[^/]*$/, '');
  const owner = models[0]?.owned_by ?? '';
  if (owner === 'altiplano') return facts('altiplano', apiUrl, models);
  /** Null for a server that does not have it. */
  const asked = async <T>(path: string, schema: z.ZodType<T>, json?: object) => {
    try {
      return await server.ask(`${root}${path}`, schema, { json, cause: cause(), signal });
    } catch (thrown) {
      if (AppError.from(thrown).code === 'server-refused') return null;
      throw thrown;
    }
  };
  const [props, webui, lmStudio, version, ollama] = await Promise.all([
    asked('/props', propsSchema),
    asked('/v1/internal/model/info', webuiSchema),
    asked('/api/v0/models', lmStudioSchema),
    asked('/version', versionSchema),
    asked('/api/version', versionSchema),
  ]);
  if (props !== null) {
    const { chat_template, bos_token, eos_token, build_info, default_generation_settings } = props;
    const json = { content: '', add_special: true };
    const ofNothing = await asked('/tokenize', tokensSchema, json);
    return {
      ...facts('llama.cpp', apiUrl, models, build_info ?? null),
      models: models.map(({ id }) => ({ id, contextSize: default_generation_settings.n_ctx ?? null })),
      template:
        chat_template && models.length === 1
          ? {
              ...{ text: chat_template, bos: bos_token ?? '', eos: eos_token ?? '' },
              addsBos: (ofNothing?.tokens.length ?? 0) > 0,
            }
          : null,
    };
  }
  if (webui !== null) return facts('text-generation-webui', apiUrl, models);
  if (lmStudio !== null) {
    const known = new Map(lmStudio.data.map((model) => [model.id, model]));
    return {
      ...facts('lm-studio', apiUrl, models),
      models: models
        .filter(({ id }) => known.get(id)?.type !== 'embeddings')
        .map(({ id }) => ({
          id,
          contextSize: known.get(id)?.loaded_context_length ?? known.get(id)?.max_context_length ?? null,
        })),
    };
  }
  if (owner === 'vllm') return facts('vllm', apiUrl, models, version?.version ?? null);
  if (ollama !== null) {
    const running = await asked('/api/ps', ollamaRunningSchema);
    const found = facts('ollama', apiUrl, models, ollama.version);
    return {
      ...found,
      models: models.map(({ id }) => ({
        id,
        contextSize: running?.models.find(({ name }) => name === id)?.context_length ?? null,
      })),
    };
  }
  // Without a prompt it is refused where there is such a place, and nothing is written.
  const status = await server.statusOf(`${apiUrl}/completions`, { json: {}, cause: cause(), signal });
  return { ...facts('openai', apiUrl, models), completes: status === 400 || status === 422 };
}

type ListedModel = z.infer<typeof modelsSchema>['data'][number];

const facts = (
  kind: ServerKind,
  apiUrl: string,
  models: readonly ListedModel[],
  version: string | null = null,
): ServerFacts => ({
  ...{ kind, version, apiUrl, template: null, completes: knownServers[kind].completes ?? false },
  models: models.map(({ id, max_model_len, context_length }) => ({
    id,
    contextSize: max_model_len ?? context_length ?? null,
  })),
});

async function findApi(
  server: RemoteServer,
  address: string,
  signal: AbortSignal,
): Promise<{ apiUrl: string; models: readonly ListedModel[] }> {
  let problem: unknown;
  for (const apiUrl of apiPlaces(address)) {
    try {
      const { data } = await server.ask(`${apiUrl}/models`, modelsSchema, { cause: cause(), signal });
      return { apiUrl, models: data };
    } catch (thrown) {
      problem ??= thrown;
      const isElsewhere =
        thrown instanceof ServerRefusal
          ? thrown.status === 404 || thrown.status === 405
          : AppError.from(thrown).code === 'server-refused';
      if (!isElsewhere) break;
    }
  }
  throw told(problem, new URL(address).host);
}

/** The same with what to do about it while a connection is set up. */
function told(thrown: unknown, host: string): AppError {
  const error = AppError.from(thrown);
  const because = (message: string, hint: string) =>
    new AppError({ ...error.toData(), message, hint }, { cause: error });
  if (error instanceof ServerRefusal) {
    if (error.status === 401 || error.status === 403)
      return because(
        t('{host} does not let you in ({status}).', { host, status: error.status }),
        t('Give the key that the server was started with.'),
      );
    if (error.status === 404)
      return because(
        t('{host} is there, but has no OpenAI-compatible API at this address (404).', { host }),
        t(
          'Check the path of the address: it often ends with /v1. Some programs have their API turned off at first.',
        ),
      );
  }
  if (error.code === 'network-failed')
    return because(
      error.message,
      isUntrusted(error)
        ? t('Its certificate is not trusted here. In your own network, http:// may be what it speaks.')
        : t(
            'Check that the server runs, that it listens on this port, and that it does so for other machines if it is on another one.',
          ),
    );
  return error;
}
