/** Owns the rows of characters, of the user's profiles and of their pictures; never what a card means. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import {
  cardSchema,
  type Card,
  type Character,
  type CharacterSummary,
  type Persona,
} from '../../preload/contract/characters.js';
import { AppError } from '../../preload/contract/errors.js';
import { newId } from './id.js';

export type Picture = { readonly hash: string; readonly type: string; readonly bytes: Uint8Array };

export type NewCharacter = {
  readonly card: Card;
  /** What stood beside the card in its file. */
  readonly beside: Readonly<Record<string, unknown>>;
  readonly picture: string | null;
};

/** They have an id already. */
type BroughtCharacter = Pick<NewCharacter, 'card' | 'beside'> & Brought;
type BroughtPersona = Pick<Persona, 'name' | 'description'> & Brought;
type Brought = { readonly id: string; readonly picture: Picture | null };

type CharacterRow = {
  id: string;
  card: string;
  beside: string;
  picture: string | null;
  updated_at: number;
};
type SummaryRow = {
  id: string;
  name: string | null;
  nickname: string | null;
  /** A JSON array. */
  tags: string | null;
  about: string | null;
  picture: string | null;
  updated_at: number;
};

const aboutCharacters = 300;

export function makeCharacterQueries(db: Database) {
  const columns = 'id, card, beside, picture, updated_at';
  // Whatever a damaged record holds, it hides no other.
  const of = (path: string) => `iif(json_valid(card), card ->> '$.${path}', NULL)`;
  const list = db.prepare<[], SummaryRow>(`
    SELECT id, ${of('name')} AS name, ${of('nickname')} AS nickname, picture, updated_at,
      iif(json_valid(card), card -> '$.tags', NULL) AS tags,
      substr(coalesce(nullif(${of('creator_notes')}, ''), ${of('description')}, ''), 1, ${aboutCharacters}) AS about
    FROM characters WHERE deleted_at IS NULL`);
  const get = db.prepare<[string], CharacterRow>(
    `SELECT ${columns} FROM characters WHERE id = ? AND deleted_at IS NULL`,
  );
  const insert = db.prepare(
    `INSERT INTO characters (id, card, beside, picture, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const bring = db.prepare(
    `INSERT OR IGNORE INTO characters (id, card, beside, picture, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const setCard = db.prepare('UPDATE characters SET card = ?, updated_at = ? WHERE id = ?');
  const setPicture = db.prepare('UPDATE characters SET picture = ?, updated_at = ? WHERE id = ?');
  const remove = db.prepare('UPDATE characters SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL');
  const addPicture = db.prepare('INSERT OR IGNORE INTO pictures (hash, type, bytes) VALUES (?, ?, ?)');
  const picture = db.prepare<[string], Picture>('SELECT hash, type, bytes FROM pictures WHERE hash = ?');

  const personaColumns = 'id, name, description, picture';
  const personas = db.prepare<[], Persona>(
    `SELECT ${personaColumns} FROM personas WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, id`,
  );
  const getPersona = db.prepare<[string], Persona>(
    `SELECT ${personaColumns} FROM personas WHERE id = ? AND deleted_at IS NULL`,
  );
  const insertPersona = db.prepare(
    'INSERT INTO personas (id, name, description, picture, created_at) VALUES (?, ?, ?, NULL, ?)',
  );
  const bringPersona = db.prepare(
    'INSERT OR IGNORE INTO personas (id, name, description, picture, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const setPersona = db.prepare('UPDATE personas SET name = ?, description = ?, picture = ? WHERE id = ?');
  const removePersona = db.prepare('UPDATE personas SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL');

  /** @throws AppError `not-found` */
  const find = (id: string): Character & Pick<NewCharacter, 'beside'> => {
    const row = get.get(id);
    if (row !== undefined) return toCharacter(row);
    throw new AppError({ code: 'not-found', message: t('This character no longer exists.') });
  };
  /** @throws AppError `not-found` */
  const findPersona = (id: string): Persona => {
    const row = getPersona.get(id);
    if (row !== undefined) return row;
    throw new AppError({ code: 'not-found', message: t('This profile no longer exists.') });
  };

  return {
    /** By name. */
    list: (): CharacterSummary[] =>
      list
        .all()
        .map(toSummary)
        .sort((a, b) => a.name.localeCompare(b.name)),
    find,
    /** The card, or null where the character is gone. */
    cardOf: (id: string): Card | null => {
      const row = get.get(id);
      return row === undefined ? null : toCharacter(row).card;
    },
    create({ card, beside, picture: hash }: NewCharacter): Character {
      const now = Date.now();
      const id = newId();
      insert.run(id, JSON.stringify(card), JSON.stringify(beside), hash, now, now);
      return find(id);
    },
    /** Adds one that has an id already, unless it is known. */
    bring({ id, card, beside, picture: brought }: BroughtCharacter): void {
      const now = Date.now();
      const hash = brought?.hash ?? null;
      const { changes } = bring.run(id, JSON.stringify(card), JSON.stringify(beside), hash, now, now);
      if (changes > 0 && brought !== null) addPicture.run(brought.hash, brought.type, brought.bytes);
    },
    setCard(id: string, card: Card): Character {
      find(id);
      setCard.run(JSON.stringify(card), Date.now(), id);
      return find(id);
    },
    setPicture(id: string, hash: string | null): Character {
      find(id);
      setPicture.run(hash, Date.now(), id);
      return find(id);
    },
    remove: (id: string): void => void remove.run(Date.now(), id),
    addPicture: ({ hash, type, bytes }: Picture): void => void addPicture.run(hash, type, bytes),
    /** Null where there is none. */
    findPicture: (hash: string): Picture | null => picture.get(hash) ?? null,

    listPersonas: (): Persona[] => personas.all(),
    /** Null where the profile is gone. */
    personaOf: (id: string): Persona | null => getPersona.get(id) ?? null,
    createPersona({ name, description }: Pick<Persona, 'name' | 'description'>): Persona {
      const id = newId();
      insertPersona.run(id, name, description, Date.now());
      return findPersona(id);
    },
    /** As `bring`. */
    bringPersona({ id, name, description, picture: brought }: BroughtPersona): void {
      const { changes } = bringPersona.run(id, name, description, brought?.hash ?? null, Date.now());
      if (changes > 0 && brought !== null) addPicture.run(brought.hash, brought.type, brought.bytes);
    },
    changePersona(id: string, change: Partial<Omit<Persona, 'id'>>): Persona {
      const { name, description, picture: hash } = { ...findPersona(id), ...change };
      setPersona.run(name, description, hash, id);
      return findPersona(id);
    },
    removePersona: (id: string): void => void removePersona.run(Date.now(), id),
  };
}

const toCharacter = (row: CharacterRow) => ({
  id: row.id,
  card: readCard(row.card),
  beside: readObject(row.beside),
  picture: row.picture,
  updatedAt: row.updated_at,
});

const toSummary = (row: SummaryRow): CharacterSummary => ({
  id: row.id,
  name: row.name ?? unnamed(),
  nickname: row.nickname || (row.name ?? unnamed()),
  tags: Object.values(readObject(row.tags ?? '[]')).filter((tag) => typeof tag === 'string'),
  about: row.about ?? '',
  picture: row.picture,
  updatedAt: row.updated_at,
});

const unnamed = () => t('Damaged character');

function readCard(json: string): Card {
  try {
    return cardSchema.parse(JSON.parse(json));
  } catch {
    return cardSchema.parse({ name: unnamed() });
  }
}

function readObject(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
