/** Owns reading the chats of SillyTavern: a line of JSON about the chat, then one for each message, its swipes in it. */
import { toChat } from '../chat.js';
import { DraftPath, LossCount, type Draft } from '../draft.js';
import { Unreadable, type ChatFormat, type FileFacts, type PieceReader } from '../format.js';
import { fields, list, name, place, records, text, timeMs, type Fields } from '../values.js';

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
    if (line === null || typeof line['mes'] !== 'string') throw new Unreadable('A line is no message.');
    this.#addMessage(line);
    return [];
  }

  end() {
    const chat = {
      title: this.#title(),
      createdAt: timeMs(this.#header['create_date']),
      nodes: this.#path.nodes,
      losses: this.#losses,
    };
    return [toChat(chat, this.#file.modifiedMs)];
  }

  /** A chat of one character has its name; one of many is a group, called as its file. */
  #title(): string | null {
    const speakers = new Set(this.#speakers.filter((speaker) => speaker !== null));
    return speakers.size > 1
      ? this.#file.name
      : (name(this.#header['character_name']) ?? [...speakers][0] ?? null);
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
