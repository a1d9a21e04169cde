/** Owns the way to the search thread: starts it at the first search, and lets only the latest question wait; never searches itself. */
import { t } from '../../preload/contract/language.js';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../preload/contract/errors.js';
import type { SearchPage } from '../../preload/contract/search.js';
import type { SearchRequest } from './find.js';
import type { SearchAnswer } from './protocol.js';

type Question = {
  readonly request: SearchRequest;
  readonly resolve: (page: SearchPage) => void;
  readonly reject: (error: AppError) => void;
};

type SearchOptions = {
  /** Path of the bundled `worker.ts`. */
  readonly entry: string;
  /** Database file; it is there and up to date when the first search comes. */
  readonly path: string;
  /** The index can't be read: it has to be made again. */
  readonly onDamage: () => Promise<void>;
};

export class Search {
  readonly #options: SearchOptions;
  #worker: Worker | null = null;
  #asked: Question | null = null;
  #waiting: Question | null = null;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** @throws AppError `cancelled` when a later question came before this one's turn */
  find(request: SearchRequest): Promise<SearchPage> {
    this.#waiting?.reject(new AppError({ code: 'cancelled', message: t('A later search came before.') }));
    return new Promise((resolve, reject) => {
      this.#waiting = { request, resolve, reject };
      this.#askNext();
    });
  }

  /** Lets go of the database file. A later search opens it again. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  #askNext(): void {
    if (this.#asked !== null || this.#waiting === null) return;
    this.#asked = this.#waiting;
    this.#waiting = null;
    this.#thread().postMessage(this.#asked.request);
  }

  #thread(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { entry, path } = this.#options;
    const worker = new Worker(entry, { workerData: { path } });
    worker.on('message', (answer: SearchAnswer) => void this.#answered(answer));
    let death: unknown = new Error('The search was closed.');
    worker.on('error', (thrown) => (death = thrown));
    worker.on('exit', () => {
      this.#worker = null;
      this.#ended((asked) => asked.reject(AppError.from(death)));
    });
    return (this.#worker = worker);
  }

  async #answered(answer: SearchAnswer): Promise<void> {
    if (answer.ok) return this.#ended((asked) => asked.resolve(answer.value));
    const error = new AppError(answer.error);
    if (!answer.isIndexDamaged) return this.#ended((asked) => asked.reject(error));
    try {
      await this.#options.onDamage();
      this.#ended((asked) => void this.find(asked.request).then(asked.resolve, asked.reject));
    } catch {
      this.#ended((asked) => asked.reject(error));
    }
  }

  #ended(tell: (asked: Question) => void): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked !== null) tell(asked);
    this.#askNext();
  }
}
