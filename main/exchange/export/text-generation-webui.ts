/**
 * Owns a chat as a history of text-generation-webui: `internal` and `visible` pairs of question and reply, and `metadata`
 * by `user_N` and `assistant_N`. Its `visible` texts are escaped for HTML. Pure.
 */
import type { OwnMessage } from '../own-format.js';
import { escapeHtml } from './escape.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { versionsOf } from './tree.js';

/** What stands in place of the question where a reply opens the chat. */
const opening = '<|BEGIN-VISIBLE-CHAT|>';

type Row = { readonly user: string | null; readonly assistant: string | null };

export function* writeTextGenerationWebUi(chat: ExportedChat, options: WriteOptions): Generator<string> {
  const rows = rowsOf(chat);
  const text = (id: string | null) => (id === null ? '' : chat.message(id).text);
  const list = function* (pair: (row: Row, index: number) => readonly [string, string]) {
    for (const [index, row] of rows.entries()) {
      yield `${index === 0 ? '\n' : ',\n'}    ${JSON.stringify(pair(row, index))}`;
    }
  };
  yield '{\n  "internal": [';
  yield* list(({ user, assistant }, index) => [
    user === null && index === 0 ? opening : text(user),
    text(assistant),
  ]);
  yield '\n  ],\n  "visible": [';
  yield* list(({ user, assistant }) => [escapeHtml(text(user)), escapeHtml(text(assistant))]);
  yield '\n  ],\n  "metadata": {';
  yield* writeMetadata(chat, rows, options);
  yield '\n  }\n}\n';
}

/** The path in pairs: a message that has no counterpart stands alone in its pair. */
function rowsOf({ path, nodes }: ExportedChat): Row[] {
  const roles = new Map(nodes.map(({ id, role }) => [id, role]));
  const rows: Row[] = [];
  let user: string | null = null;
  for (const id of path) {
    if (roles.get(id) === 'user') {
      if (user !== null) rows.push({ user, assistant: null });
      user = id;
    } else {
      rows.push({ user, assistant: id });
      user = null;
    }
  }
  if (user !== null) rows.push({ user, assistant: null });
  return rows;
}

function* writeMetadata(chat: ExportedChat, rows: readonly Row[], options: WriteOptions): Generator<string> {
  const versions = versionsOf(chat.nodes);
  let isFirst = true;
  for (const [index, row] of rows.entries()) {
    for (const role of ['user', 'assistant'] as const) {
      const id = row[role];
      if (id === null) continue;
      const entry = entryOf(chat.message(id), (versions.get(id) ?? [id]).map(chat.message), options);
      if (Object.keys(entry).length === 0) continue;
      yield `${isFirst ? '\n' : ',\n'}    ${JSON.stringify(`${role}_${index}`)}: ${JSON.stringify(entry)}`;
      isFirst = false;
    }
  }
}

/** @param versions all messages in its place, itself among them, by age */
function entryOf(message: OwnMessage, versions: readonly OwnMessage[], { metadata }: WriteOptions) {
  const { role, attachments, createdAt, model } = message;
  const told = versions
    .filter((version) => version.role === role)
    .flatMap((version) => [
      ...version.revisions.map(({ text, editedAt }) => ({
        text,
        at: editedAt ?? version.createdAt,
        of: null,
      })),
      { text: version.text, at: version.editedAt ?? version.createdAt, of: version.id },
    ]);
  return {
    ...(metadata ? { timestamp: timestamp(createdAt) } : {}),
    ...(metadata && model !== null ? { model_name: model } : {}),
    ...(attachments.length === 0
      ? {}
      : {
          attachments: attachments.map(({ name, kind, text }) => ({
            name,
            type: typeOf(kind),
            content: text,
          })),
        }),
    ...(told.length < 2
      ? {}
      : {
          versions: told.map(({ text, at }) => ({
            content: text,
            visible_content: escapeHtml(text),
            timestamp: timestamp(at),
          })),
          current_version_index: told.findIndex(({ of }) => of === message.id),
        }),
  };
}

/** Its types of attachments. */
function typeOf(kind: OwnMessage['attachments'][number]['kind']): string {
  return kind === 'pdf' ? 'application/pdf' : kind === 'docx' ? 'application/docx' : 'text/plain';
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** As its `%b %d, %Y %H:%M`, in the time of this place. */
function timestamp(ms: number): string {
  const time = new Date(ms);
  const day = `${months[time.getMonth()]} ${two(time.getDate())}, ${time.getFullYear()}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
