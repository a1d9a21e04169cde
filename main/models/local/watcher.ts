/** Owns noticing that files come and go in the folders of the list; never looks at what they are. */
import { watch, type FSWatcher } from 'node:fs';

/** Systems allow a limited number of watches; what lies in further folders is seen when the window comes to the front. */
const maxFolders = 100;
/** A file that is being copied changes all the time: the list waits until it rests. */
const restMs = 400;

export class FolderWatcher {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Watches these folders, and no others any more. */
  watch(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, maxFolders));
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#end(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#begin(folder);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.watch([]);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, () => this.#changed());
      // A folder that goes away is a change too.
      watcher.on('error', () => {
        this.#end(folder);
        this.#changed();
      });
      this.#watchers.set(folder, watcher);
    } catch {
      // It can't be watched, as on some network disks: the next look finds what changed.
    }
  }

  #end(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, restMs);
  }
}
