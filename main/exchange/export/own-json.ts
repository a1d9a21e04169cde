/** Owns writing the app's own format, piece by piece; `own-format.ts` says what it is. */
import { ownFormat, ownFormatVersion, type OwnHead } from '../own-format.js';
import type { ExportedChat } from './source.js';

/** @param rest what stands ahead of the chats; `exportedAt` is in ms */
export function* writeOwnJson(
  chats: Iterable<ExportedChat>,
  rest: Omit<OwnHead, 'format' | 'version'>,
): Generator<string> {
  const head: OwnHead = { format: ownFormat, version: ownFormatVersion, ...rest };
  yield `${JSON.stringify(head).slice(0, -1)},\n"chats":[`;
  let isFirst = true;
  for (const chat of chats) {
    yield isFirst ? '\n' : ',\n';
    isFirst = false;
    yield* writeChat(chat);
  }
  yield '\n]}\n';
}

function* writeChat({ head, nodes, message }: ExportedChat): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`;
  for (const [index, { id, parentId }] of nodes.entries()) {
    yield `${index === 0 ? '\n' : ',\n'}${JSON.stringify({ ...message(id), parentId })}`;
  }
  yield '\n]}';
}
