/** Owns what the template doctor shows: the prompt it looked at and the probes it ran; main and the engine do both. */
import { t } from '../../preload/contract/language.js';
import type { Probe } from '../../preload/contract/doctor.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import type { InspectedPrompt } from '../../preload/contract/index.js';
import type { TemplateChoice } from '../../preload/contract/models.js';
import { request, toErrorData } from '../services/api.js';
import { attachments } from './attachments.svelte.js';
import { thread } from './thread.svelte.js';
import { models } from './models.svelte.js';
import { notices } from './notices.svelte.js';
import { settings } from './settings.svelte.js';

class Doctor {
  isOpen = $state(false);
  inspected = $state.raw<InspectedPrompt | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** Of the model that is loaded, newest first. */
  probes = $state.raw<readonly Probe[]>([]);
  probeError = $state.raw<ErrorData | null>(null);
  /** The template that is probed just now. */
  probing = $state.raw<{ readonly runId: string; readonly label: string } | null>(null);
  #path = '';

  /** Looks at the open chat's next prompt. */
  async inspect(): Promise<void> {
    if (models.path !== this.#path) this.probes = [];
    this.#path = models.path;
    try {
      const { chatId, draft } = thread;
      const files = attachments.ready(chatId).map(({ id }) => id);
      this.inspected = await request('doctor.inspect', { chatId, draft, attachments: files });
      this.error = null;
    } catch (thrown) {
      this.inspected = null;
      this.error = toErrorData(thrown);
    }
  }

  /** Probes the templates one after the other, until all are done or one is stopped. */
  async probe(templates: readonly TemplateChoice[]): Promise<void> {
    this.probeError = null;
    for (const { id, label } of templates) {
      const runId = crypto.randomUUID();
      this.probing = { runId, label };
      try {
        const probe = await request('doctor.probe', { runId, template: id });
        this.probes = [...this.probes.filter(({ template }) => template.id !== id), probe];
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (error.code !== 'cancelled') this.probeError = error;
        break;
      } finally {
        this.probing = null;
      }
    }
  }

  stop(): void {
    if (this.probing !== null) void request('runs.stop', { runId: this.probing.runId });
  }

  /** Loads the model anew with this template. */
  async use(template: TemplateChoice): Promise<void> {
    const { path } = models;
    const before = settings.value.templates[path] ?? null;
    await this.#choose(path, template.id);
    notices.done(
      t('{label} is the template now', { label: template.label }),
      () => void this.#choose(path, before),
    );
  }

  async #choose(path: string, template: string | null): Promise<void> {
    await notices.guard(request('models.setTemplate', { path, template }));
    await settings.load();
  }
}

export const doctor = new Doctor();
