/** Owns the model on a server that is chosen: connects to it, writes by it, stops; the same calls as of the engine here. */
import { t } from '../../preload/contract/language.js';
import type {
  EngineMessage,
  Frame,
  GenerateRequest,
  LoadRequest,
  Prompt,
  PromptPlan,
} from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import { gpuFrameMs } from '../engine/frames.js';
import { connectModel, type ConnectedModel } from './connected-model.js';
import type { Connections } from './connections.js';
import { writeRemotely } from './reply.js';
import { fitForServer, textOf } from './sent-prompt.js';

export type RemoteEngineOptions = {
  readonly connections: Pick<Connections, 'test' | 'serverOf'>;
  readonly run: (report: Extract<EngineMessage, { type: 'text' | 'checkpoint' | 'done' | 'failed' }>) => void;
  /** For the page. */
  readonly frame: (frame: Frame) => void;
  /** The model was used. */
  readonly used: () => void;
};

export class RemoteEngine {
  readonly #options: RemoteEngineOptions;
  #model: ConnectedModel | null = null;
  #loading: AbortController | null = null;
  readonly #runs = new Map<string, { readonly stopping: AbortController; readonly ended: Promise<void> }>();

  constructor(options: RemoteEngineOptions) {
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#model !== null;
  }

  /** Looks at the server, which may have changed since. @throws AppError with the reason; model-missing */
  async load(request: LoadRequest): Promise<LoadedModel> {
    const { connectionId, model } = readRemotePath(request.path)!;
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const connection = await this.#options.connections.test(connectionId, loading.signal);
      const server = await this.#options.connections.serverOf(connection);
      this.#model = connectModel(connection, model, server, request);
      return this.#model.info;
    } finally {
      this.#loading = null;
    }
  }

  cancelLoad(): void {
    this.#loading?.abort();
  }

  /** Once what is being written has ended. */
  async unload(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
    this.#model = null;
  }

  /** Resolves when the run has begun; it reports for itself. */
  async generate(request: GenerateRequest): Promise<void> {
    const model = this.#connected();
    const stopping = new AbortController();
    const ended = this.#write(model, request, stopping.signal);
    this.#runs.set(request.runId, { stopping, ended });
  }

  /** One that is not known is ignored. */
  cancel(runId: string): void {
    this.#runs.get(runId)?.stopping.abort();
  }

  /** By the estimate: what is not sent yet is not told the server, not even to count it. @param maxNewTokens 0 = not limited */
  planPrompt(prompt: Prompt, maxNewTokens: number): PromptPlan {
    return fitForServer(this.#connected().writing, prompt, maxNewTokens).plan;
  }

  /** The prompt as text. @throws AppError needs-local-model where the server writes it */
  promptText(prompt: Prompt, maxNewTokens: number): string {
    const { writing } = this.#connected();
    return textOf(fitForServer({ ...writing, mode: 'text' }, prompt, maxNewTokens).sent);
  }

  /** Roughly. */
  countTokens(text: string): number {
    return this.#connected().writing.estimate.of(text);
  }

  get chatTemplate(): string | null {
    return this.#connected().facts.template?.text ?? null;
  }

  async #write(model: ConnectedModel, request: GenerateRequest, signal: AbortSignal): Promise<void> {
    const { runId } = request;
    const { run, frame, used } = this.#options;
    let text = '';
    try {
      const done = await writeRemotely(
        model,
        // The model leaves the cores of this machine to the page.
        { frameIntervalMs: gpuFrameMs, ...request },
        {
          frame: (each) => {
            if (each.kind === 'text') {
              text += each.text;
              run({ type: 'text', runId, offset: each.offset, text: each.text });
            }
            frame(each);
            used();
          },
          checkpoint: (soFar, stats) => run({ type: 'checkpoint', runId, text: soFar, stats }),
        },
        signal,
      );
      this.#runs.delete(runId);
      run({ type: 'done', runId, ...done });
    } catch (thrown) {
      this.#runs.delete(runId);
      run({ type: 'failed', runId, text, error: AppError.from(thrown).toData() });
    }
  }

  #connected(): ConnectedModel {
    if (this.#model !== null) return this.#model;
    throw new AppError({
      code: 'no-model',
      message: t('No model is loaded.'),
      hint: t('Choose one at the top.'),
    });
  }
}
