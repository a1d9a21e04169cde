/** Owns the names of exported files: safe on every system, and no two the same. Pure. */
import { t } from '../../../preload/contract/language.js';
import { safeFileName } from '../../models/download/safe-name.js';

/** @param title what the file is called by: any text */
export function fileNameOf(title: string, extension: string): string {
  const words = title.replace(/[\\/:*?"<>|\s]+/g, ' ').trim();
  const name = safeFileName(words || t('Untitled'));
  return safeFileName(`${[...name].slice(0, 80).join('').trim()}.${extension}`);
}

/** Gives each name out once; a second one of the same, whatever its capitals, gets a number. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  take(name: string): string {
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot < 1 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
    let free = name;
    for (let count = 2; this.#taken.has(free.toLowerCase()); count++) free = `${stem} (${count})${ending}`;
    this.#taken.add(free.toLowerCase());
    return free;
  }
}
