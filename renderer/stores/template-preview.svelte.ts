/** Owns what the template that is being written makes of a short conversation: asks about the latest text only, one question at a time. */
import type { TemplatePreview, WrittenTemplate } from '../../preload/contract/template-preview.js';
import { request, toErrorData } from '../services/api.js';

/** A moment without typing. */
const askDelayMs = 150;

class Preview {
  /** Null before the first answer. */
  shown = $state.raw<TemplatePreview | null>(null);
  #next: WrittenTemplate | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  ask(template: WrittenTemplate): void {
    this.#next = template;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), askDelayMs);
  }

  async #work(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let template = this.#take(); template !== null; template = this.#take()) {
      try {
        this.shown = await request('workshop.preview', template);
      } catch (thrown) {
        this.shown = { state: 'bad', problem: toErrorData(thrown).message };
      }
    }
    this.#asking = false;
  }

  #take(): WrittenTemplate | null {
    const template = this.#next;
    this.#next = null;
    return template;
  }
}

export const templatePreview = new Preview();
