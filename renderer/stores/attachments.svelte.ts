/** Owns the attachments of what is being written in each chat, as the page shows them; main reads and keeps them. */
import { t } from '../../preload/contract/language.js';
import { SvelteMap } from 'svelte/reactivity';
import { attachmentLimits } from '../../preload/contract/attachment-limits.js';
import type {
  Attachment,
  AttachmentSource,
  TokenCost,
  WantedPart,
} from '../../preload/contract/attachments.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { fileName } from '../lib/format.js';
import { on, pathOf, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';

/** Key of the chat that is not made yet. */
const unsaved = '';

/** One of the input: it is being read, was read, or can't be. */
export class DraftAttachment {
  readonly id: string;
  name = $state('');
  /** Share that is read. */
  progress = $state(0);
  /** Null until it is read. */
  attachment = $state.raw<Attachment | null>(null);
  error = $state.raw<ErrorData | null>(null);
  cost = $state.raw<TokenCost | null>(null);
  readonly isPasted: boolean;

  constructor(name: string, isPasted = false, id: string = crypto.randomUUID()) {
    this.name = name;
    this.isPasted = isPasted;
    this.id = id;
  }
}

class Attachments {
  readonly #byChat = new SvelteMap<string, readonly DraftAttachment[]>();

  listen(): void {
    on('attachments.reading', ({ id, progress }) => {
      const reading = [...this.#byChat.values()].flat().find((item) => item.id === id);
      if (reading !== undefined) reading.progress = progress;
    });
  }

  /** Those that the drafts had when the app ended. */
  async load(): Promise<void> {
    for (const { chatId, attachment } of await request('attachments.list')) {
      const item = new DraftAttachment(attachment.name, attachment.kind === 'pasted', attachment.id);
      item.attachment = attachment;
      this.#set(chatId, [...this.of(chatId), item]);
    }
  }

  /** @param chatId null = the new chat */
  of(chatId: string | null): readonly DraftAttachment[] {
    return this.#byChat.get(chatId ?? unsaved) ?? [];
  }

  /** Those that were read, with what of each is sent: what a prompt depends on. */
  ready(chatId: string | null): readonly Attachment[] {
    return this.of(chatId).flatMap(({ attachment }) => attachment ?? []);
  }

  /** Whether all that there are can be sent. */
  canSend(chatId: string | null): boolean {
    return this.of(chatId).every(({ attachment }) => attachment !== null);
  }

  async choose(chatId: string | null): Promise<void> {
    const paths = await notices.guard(request('attachments.choose'));
    if (paths !== undefined) await this.addPaths(chatId, paths);
  }

  async addPaths(chatId: string | null, paths: readonly string[]): Promise<void> {
    await Promise.all(
      paths.map((path) => this.#add(chatId, new DraftAttachment(fileName(path)), { kind: 'file', path })),
    );
  }

  /** Files that were pasted: those that lie nowhere are read here and handed over. */
  async addFiles(chatId: string | null, files: readonly File[]): Promise<void> {
    await this.addPaths(
      chatId,
      files.map(pathOf).filter((path) => path !== ''),
    );
    for (const file of files.filter((each) => pathOf(each) === '')) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      await this.#add(chatId, new DraftAttachment(file.name), { kind: 'bytes', name: file.name, bytes });
    }
  }

  async addPasted(chatId: string | null, text: string): Promise<void> {
    const before = this.of(chatId).filter(({ isPasted }) => isPasted).length;
    const name = before === 0 ? t('Pasted text') : t('Pasted text {number}', { number: before + 1 });
    await this.#add(chatId, new DraftAttachment(name, true), { kind: 'pasted', name, text });
  }

  async #add(chatId: string | null, item: DraftAttachment, source: AttachmentSource): Promise<void> {
    if (this.of(chatId).length >= attachmentLimits.count) {
      notices.fail({
        code: 'bad-input',
        message: t('“{name}” was not attached: a message takes at most {count} files.', {
          name: item.name,
          count: attachmentLimits.count,
        }),
      });
      return;
    }
    this.#set(chatId, [...this.of(chatId), item]);
    try {
      item.attachment = await request('attachments.add', { id: item.id, source });
      item.name = item.attachment.name;
      // Its chat may have been made meanwhile.
      void this.save(this.#chatOf(item));
      await this.#countOf([item]);
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code !== 'cancelled') item.error = error;
    }
  }

  remove(chatId: string | null, item: DraftAttachment): void {
    const at = this.of(chatId).indexOf(item);
    this.#set(
      chatId,
      this.of(chatId).filter((each) => each !== item),
    );
    void notices.guard(request('attachments.remove', { id: item.id }));
    void this.save(chatId);
    if (item.attachment === null) return;
    notices.done(t('Removed “{name}”', { name: item.name }), () => void this.#restore(chatId, item, at));
  }

  async #restore(chatId: string | null, item: DraftAttachment, at: number): Promise<void> {
    const restored = await notices.guard(request('attachments.restore', { id: item.id }));
    if (restored === undefined) return;
    this.#set(chatId, this.of(chatId).toSpliced(at, 0, item));
    void this.save(chatId);
  }

  /** What was pasted; undefined when it is gone, which is told. */
  pastedText(item: DraftAttachment): Promise<string | undefined> {
    return notices.guard(request('attachments.pasted', { id: item.id }));
  }

  async setPart(item: DraftAttachment, part: WantedPart): Promise<void> {
    const changed = await notices.guard(request('attachments.setPart', { id: item.id, part }));
    if (changed === undefined) return;
    item.attachment = changed;
    void this.save(this.#chatOf(item));
    await this.#countOf([item]);
  }

  /** Counts anew: another model counts otherwise. */
  async count(chatId: string | null): Promise<void> {
    await this.#countOf(this.of(chatId).filter(({ attachment }) => attachment !== null));
  }

  async #countOf(items: readonly DraftAttachment[]): Promise<void> {
    if (items.length === 0) return;
    // When the engine dies there is nothing to tell; its status brings the next count.
    const costs = await request('attachments.cost', { ids: items.map(({ id }) => id) }).catch(() => null);
    for (const item of items) item.cost = costs?.[item.id] ?? item.cost;
  }

  /** Takes all of a draft, to send them; `save` when they are sent. */
  take(chatId: string | null): readonly DraftAttachment[] {
    const items = this.of(chatId);
    this.#set(chatId, []);
    return items;
  }

  /** They could not be sent. */
  putBack(chatId: string | null, items: readonly DraftAttachment[]): void {
    this.#set(chatId, [...items, ...this.of(chatId)]);
    void this.save(chatId);
  }

  /** The new chat got its id: what was attached for it goes along. */
  made(chatId: string): void {
    this.putBack(chatId, this.take(null));
    void this.save(null);
  }

  /** Has main keep what the draft of a chat has now. */
  async save(chatId: string | null): Promise<void> {
    const ids = this.ready(chatId).map(({ id }) => id);
    await notices.guard(request('attachments.save', { chatId, ids }));
  }

  #chatOf(item: DraftAttachment): string | null {
    const key = [...this.#byChat].find(([, items]) => items.includes(item))?.[0] ?? unsaved;
    return key === unsaved ? null : key;
  }

  #set(chatId: string | null, items: readonly DraftAttachment[]): void {
    this.#byChat.set(chatId ?? unsaved, items);
  }
}

export const attachments = new Attachments();
