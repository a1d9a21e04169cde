/** Owns the jobs of the forge: one after another, each in a process of its own; never does a job's work. */
import { t } from '../../../preload/contract/language.js';
import { randomUUID } from 'node:crypto';
import { AppError } from '../../../preload/contract/errors.js';
import {
  forgeMessageSchema,
  type ForgeJob,
  type ForgeMessage,
  type ForgeRequest,
  type ForgeResult,
  type ForgeTask,
} from '../../../preload/contract/forge.js';
import { forgeCancelled } from './gguf-writer.js';
import { outputPath, removeAllUnfinished, removeUnfinished } from './output-path.js';

/** A process that works on one job. */
export type ForgeProcess = { send(request: ForgeRequest): void; kill(): void };
export type ForgeProcessEvents = {
  message(message: unknown): void;
  /** @param evidence its exit code and the end of what it wrote to stderr */
  exit(evidence: string): void;
};

export type ForgeOptions = {
  /** Where new models go. */
  readonly folder: string;
  readonly startProcess: (events: ForgeProcessEvents) => ForgeProcess;
  readonly onChange: (jobs: ForgeJob[]) => void;
  /** A new model is there; a failure is the job's. */
  readonly onDone: (task: ForgeTask, result: ForgeResult) => void | Promise<void>;
};

type Running = {
  readonly id: string;
  readonly process: ForgeProcess;
  readonly ended: Promise<void>;
  isStopping: boolean;
};
type Ended = Extract<ForgeMessage, { type: 'done' | 'failed' }>;

/** A process that does not answer after this is ended. */
const cancelGraceMs = 2000;

export class Forge {
  #jobs: ForgeJob[] = [];
  #outputs = new Map<string, string>();
  #running: Running | null = null;
  readonly #options: ForgeOptions;

  constructor(options: ForgeOptions) {
    this.#options = options;
  }

  get jobs(): ForgeJob[] {
    return this.#jobs;
  }

  /** Clears away what was left when the app was ended in the middle of a job. */
  async tidy(): Promise<void> {
    await removeAllUnfinished(this.#options.folder);
  }

  /** @throws AppError bad-input for a name that can't be used */
  start(task: ForgeTask): ForgeJob {
    const path = outputPath(this.#options.folder, task.name);
    if (this.#jobs.some((job) => isOpen(job) && this.#outputs.get(job.id) === path)) {
      throw new AppError({
        code: 'bad-input',
        message: t('A model called {name} is being made already.', { name: task.name }),
        hint: t('Choose another name.'),
      });
    }
    const job: ForgeJob = {
      ...{ id: randomUUID(), task, state: 'waiting', step: t('Waiting'), progress: 0 },
      ...{ result: null, error: null },
    };
    this.#outputs.set(job.id, path);
    this.#jobs = [job, ...this.#jobs];
    this.#next();
    return this.#jobs.find(({ id }) => id === job.id)!;
  }

  cancel(id: string): void {
    const running = this.#running;
    if (running?.id !== id) {
      const job = this.#jobs.find((one) => one.id === id);
      if (job?.state === 'waiting') this.#change(id, { state: 'cancelled' });
      return;
    }
    running.process.send({ type: 'cancel' });
    const timer = setTimeout(() => running.process.kill(), cancelGraceMs);
    void running.ended.finally(() => clearTimeout(timer));
    running.isStopping = true;
    this.#change(id, { step: t('Stopping') });
  }

  /** Takes an ended job out of the list; what it made stays. */
  forget(id: string): void {
    this.#jobs = this.#jobs.filter((job) => job.id !== id || isOpen(job));
    this.#options.onChange(this.#jobs);
  }

  /** Ends what is going on, for the end of the app. */
  async stop(): Promise<void> {
    for (const job of this.#jobs) if (job.state === 'waiting') this.#change(job.id, { state: 'cancelled' });
    this.#running?.process.kill();
    await this.#running?.ended;
  }

  #next(): void {
    const job = [...this.#jobs].reverse().find(({ state }) => state === 'waiting');
    if (this.#running === null && job !== undefined) this.#run(job);
    else this.#options.onChange(this.#jobs);
  }

  #run({ id, task }: ForgeJob): void {
    const path = this.#outputs.get(id)!;
    let outcome: Ended | null = null;
    let ended: () => void;
    const process = this.#options.startProcess({
      message: (raw) => {
        const message = forgeMessageSchema.parse(raw);
        if (outcome !== null) return;
        if (message.type === 'progress')
          return this.#change(id, { step: message.step, progress: message.progress });
        outcome = message;
        process.kill();
      },
      exit: (evidence) => {
        void this.#ended(id, task, path, outcome ?? { type: 'failed', error: this.#died(evidence) }).then(
          () => ended(),
        );
      },
    });
    this.#running = {
      ...{ id, process, isStopping: false },
      ended: new Promise((resolve) => (ended = resolve)),
    };
    this.#change(id, { state: 'running', step: t('Starting') });
    process.send({ type: 'start', task, outputPath: path });
  }

  async #ended(id: string, task: ForgeTask, path: string, outcome: Ended): Promise<void> {
    this.#running = null;
    await removeUnfinished(path).catch(() => undefined);
    if (outcome.type === 'failed') {
      const state = outcome.error.code === 'cancelled' ? 'cancelled' : 'failed';
      this.#change(id, { state, error: outcome.error });
    } else {
      try {
        await this.#options.onDone(task, outcome.result);
        this.#change(id, { state: 'done', progress: 1, result: outcome.result });
      } catch (thrown) {
        this.#change(id, { state: 'failed', error: AppError.from(thrown).toData() });
      }
    }
    this.#next();
  }

  #died(evidence: string) {
    if (this.#running?.isStopping === true) return forgeCancelled().toData();
    return new AppError({
      code: 'forge-failed',
      message: t('The work on this model stopped unexpectedly. Nothing else was touched.'),
      hint: t(
        'Try again. If it happens again, the file may be damaged, or there is too little memory for it.',
      ),
      details: evidence,
    }).toData();
  }

  #change(id: string, change: Partial<ForgeJob>): void {
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
    this.#options.onChange(this.#jobs);
  }
}

function isOpen({ state }: ForgeJob): boolean {
  return state === 'waiting' || state === 'running';
}
