/** Owns reading the chats of SillyTavern: a line of JSON about the chat, then one for each message, its swipes in it. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { DraftPath, LossCount, textAttachment, type Draft } from '../draft.js';
import { Unreadable, type ChatFormat, type FileFacts, type PieceReader } from '../format.js';
import type { ImportedAttachment } from '../neutral.js';
import { fields, list, name, place, records, text, timeMs, type Fields } from '../values.js';

/** Stands in place of a name since the chats of all characters have the same header. */
const noName = 'unused';

const isHeader = (value: unknown): value is Fields => {
  const line = fields(value);
  return (
    line !== null &&
    !('mes' in line) &&
    ('chat_metadata' in line || ('user_name' in line && 'character_name' in line))
  );
};

const isMessage = (value: unknown): boolean => {
  const line = fields(value);
  return line !== null && typeof line['mes'] === 'string' && 'is_user' in line;
};

export const sillyTavern: ChatFormat = {
  id: 'silly-tavern',
  recognises: ({ value }) => isHeader(value) || isMessage(value),
  open: (file) => new SillyTavernReader(file),
};

class SillyTavernReader implements PieceReader {
  readonly #file: FileFacts;
  readonly #path = new DraftPath();
  readonly #losses = new LossCount();
  readonly #speakers: (string | null)[] = [];
  #header: Fields = {};

  constructor(file: FileFacts) {
    this.#file = file;
  }

  take({ value }: { readonly value: unknown }) {
    if (isHeader(value)) {
      this.#header = value;
      const { chat_metadata: facts } = value;
      if (name(fields(facts)?.['note_prompt']) !== null) this.#losses.add('notes');
      return [];
    }
    const line = fields(value);
    if (line === null || typeof line['mes'] !== 'string') throw new Unreadable(t('A line is no message.'));
    this.#addMessage(line);
    return [];
  }

  end() {
    const chat = {
      title: this.#title(),
      createdAt: timeMs(this.#header['create_date']),
      nodes: this.#path.nodes,
      shownId: this.#path.shownId,
      losses: this.#losses,
    };
    return [toChat(chat, this.#file.modifiedMs)];
  }

  /** A chat of one character has its name; one of many is a group, called as its file. Our own exports have a title. */
  #title(): string | null {
    const title = name(fields(this.#header['chat_metadata'])?.['title']);
    if (title !== null) return title;
    const speakers = new Set(this.#speakers.filter((speaker) => speaker !== null));
    const character = name(this.#header['character_name']);
    return speakers.size > 1
      ? this.#file.name
      : ((character === noName ? null : character) ?? [...speakers][0] ?? null);
  }

  /** Newer versions keep a file's text on their server, and only its address in the chat. */
  #filesOf(extra: Fields): ImportedAttachment[] {
    return [...records(extra['files']), ...records([extra['file']])].flatMap((file) => {
      const content = text(file['text']);
      if (content === '') this.#losses.add('files');
      return content === '' ? [] : [textAttachment(name(file['name']) ?? t('File'), content)];
    });
  }

  #addMessage(line: Fields): void {
    const isUser = line['is_user'] === true;
    const speaker = name(line['name']);
    if (!isUser) this.#speakers.push(speaker);
    const isHidden = line['is_system'] === true;
    if (isHidden) this.#losses.add('hidden');
    const own = text(line['mes']);
    const swipes = list(line['swipes']).map(text);
    const shown = place(line['swipe_id'], swipes.length) ?? swipes.length - 1;
    const facts = records(line['swipe_info']);
    const draft = (content: string, about: Fields): Draft => {
      const extra = fields(about['extra']) ?? {};
      if (name(extra['image']) !== null) this.#losses.add('pictures');
      return {
        role: isUser ? 'user' : 'assistant',
        text: content,
        thinking: text(extra['reasoning']),
        createdAt: timeMs(about['send_date']) ?? timeMs(line['send_date']),
        model: isUser ? null : name(extra['model']),
        inclusion: isHidden ? 'left-out' : 'auto',
        attachments: this.#filesOf(extra),
      };
    };
    if (swipes.length < 2) return this.#path.add([draft(own, line)]);
    this.#path.add(
      // The text of the shown one is that of the message itself, which may have been edited since.
      swipes.map((swipe, at) => (at === shown ? draft(own, line) : draft(swipe, facts[at] ?? {}))),
      shown,
    );
  }
}
