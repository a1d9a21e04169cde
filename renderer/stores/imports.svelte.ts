/** Owns importing chats as the page sees it: what was chosen, what is in it, and what became of it. Main reads and saves. */
import { t } from '../../preload/contract/language.js';
import { SvelteSet } from 'svelte/reactivity';
import type { ErrorData } from '../../preload/contract/errors.js';
import { importFormats, type ImportFormat } from '../../preload/contract/import-formats.js';
import type { ImportPreview, ImportProgress, ImportResult } from '../../preload/contract/imports.js';
import { on, request, toErrorData } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { attachments } from './attachments.svelte.js';
import { chats } from './chats.svelte.js';
import { notices } from './notices.svelte.js';
import { thread } from './thread.svelte.js';
import { undo } from './undo.svelte.js';

type Stage = 'choose' | 'looking' | 'preview' | 'saving' | 'done';

const nothing: ImportProgress = { bytes: 0, chats: 0 };

class Imports {
  stage = $state<Stage>('choose');
  progress = $state.raw<ImportProgress>(nothing);
  preview = $state.raw<ImportPreview | null>(null);
  result = $state.raw<ImportResult | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** Whether all go into a folder of this name. */
  usesFolder = $state(false);
  folder = $state('');
  tag = $state('');
  /** Numbers of the chats that are to be imported. */
  readonly chosen = new SvelteSet<number>();
  /** Files that were dropped onto a chat, where they could be attached just as well. */
  #dropped: readonly string[] = [];
  #paths: readonly string[] = [];
  #formats: Record<string, ImportFormat> = {};
  #stepId: number | null = null;

  listen(): void {
    on('imports.progress', (progress) => (this.progress = progress));
    on('imports.asked', ({ paths }) => this.open(paths));
  }

  get canAttach(): boolean {
    return this.#dropped.length > 0;
  }

  /** @param paths files to look at; none = they are still to be chosen */
  open(paths: readonly string[] = []): void {
    appView.sheet = 'incoming';
    if (this.stage === 'saving' || paths.length === 0) return;
    this.#formats = {};
    this.#dropped = [];
    void this.#look(paths);
  }

  /** Files that were dropped onto a chat. */
  openDropped(paths: readonly string[]): void {
    this.open(paths);
    this.#dropped = paths;
  }

  async choose(what: 'files' | 'folder'): Promise<void> {
    const paths = await notices.guard(request('imports.choose', { what }));
    if (paths !== undefined && paths.length > 0) this.open(paths);
  }

  /** Reads a file as another format than the one that was found. */
  readAs(label: string, format: ImportFormat): void {
    this.#formats = { ...this.#formats, [label]: format };
    void this.#look(this.#paths);
  }

  chooseAll(isChosen: boolean): void {
    for (const { at } of this.preview?.chats ?? []) {
      if (isChosen) this.chosen.add(at);
      else this.chosen.delete(at);
    }
  }

  /** Chats that were imported before. */
  chooseKnown(isChosen: boolean): void {
    for (const { at, isKnown } of this.preview?.chats ?? []) {
      if (!isKnown) continue;
      if (isChosen) this.chosen.add(at);
      else this.chosen.delete(at);
    }
  }

  async save(): Promise<void> {
    if (this.preview === null) return;
    this.#begin('saving');
    const folder = this.usesFolder ? this.folder.trim() : '';
    const choice = {
      id: this.preview.id,
      chosen: [...this.chosen],
      folder: folder === '' ? null : folder,
      tag: this.tag.trim() || null,
    };
    const before = undo.state.undo;
    try {
      const result = await request('imports.start', choice);
      this.result = result;
      this.stage = 'done';
      this.#stepId = undo.state.undo?.id === before?.id ? null : (undo.state.undo?.id ?? null);
      if (appView.sheet !== 'incoming')
        undo.done(
          t('Imported {count, plural, one {# chat} other {# chats}}', { count: result.imported }),
          before,
        );
    } catch (thrown) {
      this.#failed(thrown, 'preview');
    }
  }

  cancel(): void {
    void notices.guard(request('imports.cancel'));
  }

  /** The sheet was closed: saving goes on, all else is over. */
  closed(): void {
    if (this.stage === 'saving') return;
    if (this.stage === 'looking') this.cancel();
    this.startAgain();
  }

  startAgain(): void {
    this.#begin('choose');
    this.preview = null;
    this.result = null;
    this.#dropped = [];
  }

  async showFirst(): Promise<void> {
    const chatId = this.result?.chatId ?? null;
    appView.closeSheet('incoming');
    appView.showChat();
    if (chatId !== null) await chats.select(chatId);
  }

  async undo(): Promise<void> {
    appView.closeSheet('incoming');
    if (this.#stepId !== null) await undo.do('undo', this.#stepId);
  }

  attach(): void {
    const paths = this.#dropped;
    appView.closeSheet('incoming');
    void attachments.addPaths(thread.chatId, paths);
  }

  async #look(paths: readonly string[]): Promise<void> {
    this.#begin('looking');
    this.#paths = paths;
    this.preview = null;
    this.result = null;
    try {
      const preview = await request('imports.look', { paths: [...paths], formats: this.#formats });
      // The sheet was closed, or other files were chosen meanwhile.
      if (this.stage !== 'looking' || this.#paths !== paths) return;
      this.#show(preview);
    } catch (thrown) {
      if (this.stage === 'looking' && this.#paths === paths) this.#failed(thrown, 'choose');
    }
  }

  #show(preview: ImportPreview): void {
    this.preview = preview;
    this.stage = 'preview';
    this.chosen.clear();
    for (const { at, isKnown } of preview.chats) if (!isKnown) this.chosen.add(at);
    const formats = new Set(preview.files.flatMap(({ format }) => format ?? []));
    const [only, ...more] = formats;
    // The app's own exports say themselves where their chats lay.
    this.usesFolder = preview.chats.length > 1 && !formats.has('altiplano');
    this.folder =
      only === undefined || more.length > 0
        ? t('Imported chats')
        : t('From {program}', { program: t(importFormats[only]) });
  }

  #begin(stage: Stage): void {
    this.stage = stage;
    this.error = null;
    this.progress = nothing;
  }

  #failed(thrown: unknown, stage: Stage): void {
    const error = toErrorData(thrown);
    this.stage = stage;
    if (error.code !== 'cancelled') this.error = error;
    if (error.code !== 'cancelled' && appView.sheet !== 'incoming') notices.fail(error);
  }
}

/** A number of chats, in words. */
export const said = (chatCount: number): string =>
  t('{count, plural, one {# chat} other {# chats}}', { count: chatCount });

export const imports = new Imports();
