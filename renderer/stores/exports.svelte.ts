/** Owns the export that is being prepared or goes on: what, how, how far; main makes it. */
import type { ExportChoice, ExportPreview, ExportScope } from '../../preload/contract/exchange.js';
import { exportFormats, type ExportTarget } from '../../preload/contract/export-formats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, request, toErrorData } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { settings } from './settings.svelte.js';

/** What an export came to; the path is null for the clipboard. */
type Done = { readonly messages: number; readonly path: string | null };

class Exports {
  /** What it was opened for; other choices are offered beside it. */
  asked = $state.raw<ExportScope>({ kind: 'everything' });
  scope = $state.raw<ExportScope>({ kind: 'everything' });
  preview = $state.raw<ExportPreview | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** Share that is written; null while nothing goes on. */
  progress = $state<number | null>(null);
  done = $state.raw<Done | null>(null);
  #id = '';
  #lastLook = 0;

  listen(): void {
    on('exports.asked', () => this.open({ kind: 'everything' }));
    on('exports.progress', ({ id, done, total }) => {
      if (id === this.#id && this.progress !== null) this.progress = done / Math.max(1, total);
    });
  }

  open(scope: ExportScope): void {
    this.asked = scope;
    this.scope = scope;
    this.done = null;
    appView.sheet = 'export';
  }

  /** As it was chosen last, as far as it goes for this scope. */
  get choice(): ExportChoice {
    const { format, branches, metadata } = settings.value.lastExport;
    const fits = this.scope.kind !== 'message' || exportFormats[format].forMessage;
    return { format: fits ? format : 'markdown', branches, metadata };
  }

  get target(): ExportTarget {
    const { target } = settings.value.lastExport;
    return this.canGoTo(target) ? target : this.canGoTo('file') ? 'file' : 'zip';
  }

  canGoTo(target: ExportTarget): boolean {
    if (target === 'clipboard') return exportFormats[this.choice.format].isText;
    return target === 'zip' || this.preview === null || this.preview.files === 1;
  }

  choose(choice: Partial<ExportChoice & { target: ExportTarget }>, scope: ExportScope = this.scope): void {
    this.done = null;
    this.scope = scope;
    settings.set({ lastExport: { ...settings.value.lastExport, ...choice } });
  }

  /** Looks at what would be written. */
  async look(): Promise<void> {
    const look = ++this.#lastLook;
    try {
      const preview = await request('exports.preview', { ...this.choice, scope: this.scope });
      if (look !== this.#lastLook) return;
      this.preview = preview;
      this.error = null;
    } catch (thrown) {
      if (look !== this.#lastLook) return;
      this.preview = null;
      this.error = toErrorData(thrown);
    }
  }

  async start(): Promise<void> {
    if (this.progress !== null) return;
    this.#id = crypto.randomUUID();
    this.progress = 0;
    this.error = null;
    this.done = null;
    try {
      const exported = await request('exports.start', {
        ...this.choice,
        ...{ target: this.target, scope: this.scope, id: this.#id },
      });
      if (exported === null) return;
      if (exported.text !== null) await navigator.clipboard.writeText(exported.text);
      this.done = { messages: exported.messages, path: exported.path };
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code !== 'cancelled') this.error = error;
    } finally {
      this.progress = null;
    }
  }

  cancel(): void {
    if (this.progress !== null) void request('exports.cancel', { id: this.#id });
  }
}

export const exports = new Exports();
