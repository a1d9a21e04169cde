/** Owns characters and profiles as the user works with them, and who talks in a chat; reads and writes no file itself. */
import { t } from '../../preload/contract/language.js';
import type {
  Card,
  CardFormat,
  CastChange,
  Character,
  CharacterSummary,
  ImportedCharacter,
  Persona,
} from '../../preload/contract/characters.js';
import type { Chat } from '../../preload/contract/chats.js';
import { AppError } from '../../preload/contract/errors.js';
import { greetingsOf } from '../chat/cast.js';
import { castOf } from '../chat/conversation.js';
import type { Picture } from '../db/characters.js';
import type { Database } from '../db/client.js';
import { writeCardJson, writeCardPng, writeCardYaml, type ReadFile, type WrittenFile } from './card-file.js';
import { exampleCards } from './examples.js';

export type CharactersOptions = {
  readonly db: Database;
  /** Told of the whole lists after each change. */
  readonly onCharacters: (list: readonly CharacterSummary[]) => void;
  readonly onPersonas: (list: readonly Persona[]) => void;
  /** A JPEG as PNG; null when it can't be decoded. */
  readonly toPng: (jpeg: Uint8Array) => Uint8Array | null;
};

export class Characters {
  readonly #options: CharactersOptions;

  constructor(options: CharactersOptions) {
    this.#options = options;
  }

  /** Something changed them from elsewhere, such as an undo. */
  async tell(): Promise<void> {
    const { db, onCharacters, onPersonas } = this.#options;
    onCharacters(await db.listCharacters());
    onPersonas(await db.listPersonas());
  }

  /** @throws AppError not-found */
  async open(id: string): Promise<Character> {
    const { beside: _, ...character } = await this.#options.db.findCharacter(id);
    return character;
  }

  create(card: Card): Promise<Character> {
    return this.#told(this.#options.db.createCharacter({ card, beside: {}, picture: null }));
  }

  save(id: string, card: Card): Promise<Character> {
    return this.#told(this.#options.db.setCard(id, card));
  }

  /** @param picture null = none */
  async setPicture(id: string, picture: Picture | null): Promise<Character> {
    const { db } = this.#options;
    if (picture !== null) await db.addPicture(picture);
    return this.#told(db.setCharacterPicture(id, picture?.hash ?? null));
  }

  async duplicate(id: string): Promise<Character> {
    const { db } = this.#options;
    const { card, beside, picture } = await db.findCharacter(id);
    const copy = { ...card, name: t('{name} (copy)', { name: card.name }).slice(0, 200) };
    return this.#told(db.createCharacter({ card: copy, beside, picture }));
  }

  async remove(id: string): Promise<void> {
    await this.#options.db.removeCharacter(id);
    await this.tell();
  }

  addExample(name: string): Promise<Character> {
    const card = exampleCards.find((each) => each.name === name);
    if (card === undefined)
      throw new AppError({ code: 'not-found', message: t('There is no such example.') });
    return this.create(card);
  }

  /** Makes characters of files; one that can't be read hides no other. */
  async import(
    files: readonly { readonly name: string; readonly read: () => Promise<ReadFile> }[],
  ): Promise<ImportedCharacter[]> {
    const imported: ImportedCharacter[] = [];
    for (const { name, read } of files) {
      try {
        const { card, beside, picture, problems } = await read();
        const { db } = this.#options;
        if (picture !== null) await db.addPicture(picture);
        const { id } = await db.createCharacter({ card, beside, picture: picture?.hash ?? null });
        const list = await db.listCharacters();
        imported.push({
          fileName: name,
          character: list.find((each) => each.id === id)!,
          problems: [...problems],
        });
      } catch (thrown) {
        const { message, hint, code } = AppError.from(thrown);
        if (code === 'disk-full') throw thrown;
        const problems = [hint === undefined ? message : `${message} ${hint}`];
        imported.push({ fileName: name, character: null, problems });
      }
    }
    await this.tell();
    return imported;
  }

  /** The character as a file of this kind. */
  async export(id: string, format: CardFormat): Promise<WrittenFile & { readonly name: string }> {
    const { db, toPng } = this.#options;
    const { card, beside, picture: hash } = await db.findCharacter(id);
    const picture = hash === null ? null : await db.findPicture(hash);
    const { name } = card;
    if (format === 'json') return { name, ...writeCardJson({ card, beside }, picture !== null) };
    if (format === 'yaml') return { name, ...writeCardYaml({ card }, picture !== null) };
    const png = picture?.type === 'image/jpeg' ? toPng(picture.bytes) : (picture?.bytes ?? null);
    const file = writeCardPng({ card, beside }, png);
    const isLost = picture !== null && png === null;
    return { name, ...file, lacks: isLost ? [t('the picture, which can’t be decoded')] : [] };
  }

  /** A new chat in which the character has spoken first. @param personaId null = the user has no profile in it */
  async startChat(id: string, personaId: string | null): Promise<Chat> {
    const { db } = this.#options;
    await db.findCharacter(id);
    const chat = await db.createChat();
    return this.cast(chat, { characterId: id, personaId });
  }

  /** Changes who talks in a chat. Where nobody but characters spoke yet, the new greetings are added as versions. */
  async cast(chat: Chat, change: CastChange): Promise<Chat> {
    const { db } = this.#options;
    const before = greetingsOf(await castOf(db, chat), chat.id);
    const { characterId = chat.characterId, personaId = chat.personaId } = change;
    const { mode = chat.mode, chatCommand = chat.chatCommand } = change;
    const now = await castOf(db, { characterId, personaId });
    const greetings = greetingsOf(now, chat.id);
    const isNew = greetings.some((greeting, index) => greeting !== before[index]);
    return db.castChat({
      chatId: chat.id,
      cast: { characterId, personaId, mode, chatCommand },
      greetings: isNew ? greetings : [],
      name: now.card?.name ?? null,
    });
  }

  async createPersona(persona: Pick<Persona, 'name' | 'description'>): Promise<Persona> {
    return this.#told(this.#options.db.createPersona(persona));
  }

  savePersona({ id, name, description }: Omit<Persona, 'picture'>): Promise<Persona> {
    return this.#told(this.#options.db.changePersona(id, { name, description }));
  }

  /** @param picture null = none */
  async setPersonaPicture(id: string, picture: Picture | null): Promise<Persona> {
    const { db } = this.#options;
    if (picture !== null) await db.addPicture(picture);
    return this.#told(db.changePersona(id, { picture: picture?.hash ?? null }));
  }

  async removePersona(id: string): Promise<void> {
    await this.#options.db.removePersona(id);
    await this.tell();
  }

  async #told<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    await this.tell();
    return changed;
  }
}
