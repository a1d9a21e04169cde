/** Owns asking the hub: search, what a repository or a link offers, how large a model is; fetches no model. */
import { t } from '../../../preload/contract/language.js';
import type { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import type { HubFound, HubModel, HubOffer, HubSearch } from '../../../preload/contract/hub.js';
import { readHyperparameters } from '../../engine/gguf.js';
import { modelShape } from '../../engine/memory.js';
import { parseContentRange, parseLength } from '../../net/headers.js';
import type { Reason } from '../../net/gate.js';
import { readAll, statusError, type Http, type HttpAnswer, type HttpOptions } from '../../net/http.js';
import type { SizedModel } from '../fit/fits.js';
import type { HubAccount } from './account.js';
import {
  filesOf,
  nextCursor,
  repositoryAnswerSchema,
  searchAnswerSchema,
  summaryOf,
  treeAnswerSchema,
} from './answers.js';
import { hubError } from './errors.js';
import { emptyBecause, modelsOf, type HubFile } from './models.js';
import { readReference, type HubReference } from './reference.js';
import { openRemote } from './remote-file.js';

const pageSize = 30;
const answerLimitBytes = 32 * 2 ** 20;
/** Of the list of a repository's files; a thousand files each. */
const maxTreePages = 20;

export class Hub {
  readonly #http: Http;
  readonly #account: HubAccount;
  /** By the link to the first file. */
  readonly #sized = new Map<string, SizedModel>();

  constructor(http: Http, account: HubAccount) {
    this.#http = http;
    this.#account = account;
  }

  /**
   * Finds repositories by a text, or what a pasted name or link leads to; see reference.ts.
   * @throws AppError network-failed, server-refused, bad-input or cancelled
   */
  async find(search: HubSearch, signal: AbortSignal): Promise<HubFound> {
    const reference = readReference(search.text, this.#account.endpoint());
    switch (reference.kind) {
      case 'search':
        return this.#search(search, signal);
      case 'link':
        return this.#link(reference.url, signal);
      default:
        return this.#repository(reference, signal);
    }
  }

  /**
   * A model's shape and size by its header, of which the first bytes are fetched.
   * @param url of its file, or of the first part
   * @throws AppError as `find`, and those of a damaged file
   */
  async sized(url: string, signal: AbortSignal): Promise<SizedModel> {
    const known = this.#sized.get(url);
    if (known !== undefined) return known;
    const source = await openRemote(async (range) => {
      const name = fileName(url);
      const reason: Reason = {
        purpose: 'read a file header',
        cause: t('Looked whether {name} fits', { name }),
      };
      const answer = await this.#open(url, { ...reason, range, signal });
      if (answer.status >= 300) throw await this.#refusal(answer, name);
      return answer;
    });
    const sized = { shape: modelShape(await readHyperparameters(source)), weightsBytes: source.sizeBytes };
    this.#sized.set(url, sized);
    return sized;
  }

  async #search({ text, sort, cursor }: HubSearch, signal: AbortSignal): Promise<HubFound> {
    const query = new URLSearchParams({ filter: 'gguf', sort, limit: String(pageSize) });
    if (text.trim() !== '') query.set('search', text.trim());
    if (cursor !== null) query.set('cursor', cursor);
    for (const field of ['downloads', 'likes', 'lastModified', 'gated', 'tags', 'gguf'])
      query.append('expand', field);
    const cause = text.trim() === '' ? t('Opened the hub in Models') : t('Searched in Models');
    const reason: Reason = { purpose: 'search the hub', cause };
    const { value, next } = await this.#api(`models?${query}`, searchAnswerSchema, reason, null, signal);
    return { kind: 'results', repositories: value.map(summaryOf), cursor: next };
  }

  async #repository(
    reference: Extract<HubReference, { kind: 'repository' | 'file' }>,
    signal: AbortSignal,
  ): Promise<HubOffer> {
    const { repository, revision } = reference;
    const named = `${repository}/revision/${encodeURIComponent(revision)}`;
    const { value: info } = await this.#api(
      `models/${named}`,
      repositoryAnswerSchema,
      opened(repository),
      repository,
      signal,
    );
    const files = await this.#files(repository, info.sha, signal);
    const endpoint = this.#account.endpoint();
    const wanted = reference.kind === 'file' ? reference.path : null;
    const address = (path: string) =>
      `${endpoint}/${repository}/resolve/${info.sha}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const models = modelsOf(files, ({ path, sizeBytes, sha256 }) => ({
      ...{ url: address(path), fileName: path },
      ...{ sizeBytes: sizeBytes === 0 ? null : sizeBytes, sha256 },
    })).filter(({ files: parts }) => wanted === null || parts.some(({ url }) => url === address(wanted)));
    if (wanted !== null && models.length === 0) {
      throw new AppError({
        code: 'not-found',
        message: t('{repository} has no model file {name}.', { repository, name: wanted }),
        hint: t('Open the repository by its name to see what it has.'),
      });
    }
    return {
      kind: 'offer',
      title: repository,
      source: `${repository}@${info.sha.slice(0, 12)}`,
      pageUrl: `${endpoint}/${repository}`,
      summary: summaryOf(info),
      models,
      emptyBecause: models.length > 0 ? null : emptyBecause(files.map(({ path }) => path)),
    };
  }

  /** All files of a commit. */
  async #files(repository: string, sha: string, signal: AbortSignal): Promise<HubFile[]> {
    const files: HubFile[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < maxTreePages; page++) {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const tree: Answer<z.infer<typeof treeAnswerSchema>> = await this.#api(
        `models/${repository}/tree/${sha}?recursive=true${query}`,
        treeAnswerSchema,
        opened(repository),
        repository,
        signal,
      );
      files.push(...filesOf(tree.value));
      cursor = tree.next;
      if (cursor === null) break;
    }
    return files;
  }

  async #link(url: string, signal: AbortSignal): Promise<HubOffer> {
    const name = fileName(url);
    if (!/\.gguf$/i.test(name)) {
      throw new AppError({
        code: 'bad-input',
        message: t('This link does not lead to a .gguf file.'),
        hint: t('Paste the link of the file itself, or search for the model by name.'),
      });
    }
    const reason: Reason = { purpose: 'read a file header', cause: t('Opened a link in Models') };
    const answer = await this.#open(url, { ...reason, range: { startByte: 0, endByte: 0 }, signal });
    answer.body.on('error', () => undefined).destroy();
    if (answer.status >= 300) throw statusError(answer);
    const sizeBytes =
      parseContentRange(answer.header('content-range'))?.sizeBytes ??
      (answer.status === 200 ? parseLength(answer.header('content-length')) : null);
    const models: HubModel[] = modelsOf([{ path: name, sizeBytes, sha256: null }], (file) => ({
      ...{ url, fileName: name, sizeBytes: file.sizeBytes, sha256: null },
    }));
    return {
      kind: 'offer',
      title: name,
      source: url,
      pageUrl: null,
      summary: null,
      models,
      emptyBecause: null,
    };
  }

  async #api<T>(
    path: string,
    schema: z.ZodType<T>,
    reason: Reason,
    what: string | null,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const answer = await this.#open(`${this.#account.endpoint()}/api/${path}`, { ...reason, signal });
    if (answer.status < 200 || answer.status >= 300) throw await this.#refusal(answer, what);
    const text = (await readAll(answer, answerLimitBytes)).toString();
    try {
      return { value: schema.parse(JSON.parse(text)), next: nextCursor(answer.header('link')) };
    } catch (thrown) {
      throw new AppError(
        {
          code: 'server-refused',
          message: t('{host} does not answer as the hub does.', { host: answer.url.host }),
          hint: t(
            'Check the mirror in the hub’s settings below. A network that asks to sign in first answers so too.',
          ),
          details: String(thrown),
        },
        { cause: thrown },
      );
    }
  }

  async #open(url: string, options: HttpOptions): Promise<HttpAnswer> {
    return this.#http.open(url, { ...options, credential: await this.#account.credential() });
  }

  async #refusal(answer: HttpAnswer, what: string | null): Promise<AppError> {
    answer.body.on('error', () => undefined).destroy();
    return hubError(answer, what, (await this.#account.credential()) !== null);
  }
}

const opened = (repository: string): Reason => ({
  purpose: 'read a repository',
  cause: t('Opened {repository} in Models', { repository }),
});

type Answer<T> = { readonly value: T; readonly next: string | null };

function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
