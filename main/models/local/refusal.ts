/** Owns which paths can't be added to the list of models, and why. */
import { t } from '../../../preload/contract/language.js';
import { open, stat } from 'node:fs/promises';

/** Why a path can't be added; null when it can. A damaged model can: the list says what is wrong with it. */
export async function refusal(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (info === null) return t('It is not there, or can’t be read.');
  if (info.isDirectory()) return null;
  if (!info.isFile()) return t('It is neither a file nor a folder.');
  if (path.toLowerCase().endsWith('.part')) return t('It is a download that is not finished.');
  if (path.toLowerCase().endsWith('.gguf')) return null;
  return (await startsAsGguf(path)) ? null : t('It is not a GGUF model.');
}

async function startsAsGguf(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  try {
    const { buffer } = (await file?.read(Buffer.alloc(4), 0, 4, 0)) ?? { buffer: Buffer.alloc(0) };
    return buffer.toString('latin1') === 'GGUF';
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}
