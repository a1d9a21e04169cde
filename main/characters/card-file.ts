/**
 * Owns the files of characters: pictures with a card inside (PNG; chunks `chara` for V2 and `ccv3` for V3, each the
 * base64 of JSON), JSON, and the YAML of text-generation-webui; never where they lie.
 */
import { t } from '../../preload/contract/language.js';
import { characterLimits } from '../../preload/contract/character-limits.js';
import type { Card } from '../../preload/contract/characters.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Picture } from '../db/characters.js';
import { parseYaml, yaml } from '../exchange/yaml.js';
import { notACard, readCard, webuiExtension, writeCard, type ReadCard } from './card.js';
import { readPicture } from './picture.js';
import { isPng, keywordOf, plainPng, readPng, textChunk, textOf, writePng } from './png.js';

export type ReadFile = ReadCard & { readonly picture: Picture | null };

/** V3 first: it has all that V2 has. */
const cardKeywords = ['ccv3', 'chara'];
/** Base64 has four letters for three bytes. */
const mostTextBytes = Math.ceil((characterLimits.cardBytes * 4) / 3) + 1000;

/**
 * Reads a character from a file of any of the kinds.
 * @param name of the file, without its ending
 * @throws AppError bad-input when there is no character in it, or it is damaged or too large
 */
export function readCardFile(name: string, bytes: Uint8Array): ReadFile {
  if (bytes.length > characterLimits.fileBytes) {
    throw notACard(name, t('It has more than {size} MB.', { size: characterLimits.fileBytes / 1e6 }));
  }
  return isPng(bytes) ? readCardPng(name, bytes) : { ...readCardText(name, bytes), picture: null };
}

function readCardPng(name: string, bytes: Uint8Array): ReadFile {
  const chunks = readPng(bytes);
  const found = cardKeywords.flatMap((keyword) => chunks.find((chunk) => keywordOf(chunk) === keyword) ?? []);
  const [chunk] = found;
  if (chunk === undefined) throw notACard(name, t('There is no character card in this picture.'));
  const rest = chunks.filter((each) => !cardKeywords.includes(keywordOf(each) ?? ''));
  const picture = readPicture(writePng(rest));
  const json = Buffer.from(textOf(chunk, mostTextBytes), 'base64').toString('utf8');
  return { ...readCard(name, parseJson(name, json)), picture };
}

function readCardText(name: string, bytes: Uint8Array): ReadCard {
  if (bytes.length > characterLimits.cardBytes) {
    throw notACard(name, t('It has more than {size} MB.', { size: characterLimits.cardBytes / 1e6 }));
  }
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  return readCard(name, /^\s*[{[]/.test(text) ? parseJson(name, text) : plainYaml(name, text));
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notACard(name, t('It is no sound JSON.'));
  }
}

function plainYaml(name: string, text: string): unknown {
  const document = parseYaml(text);
  if (typeof document === 'string') throw notACard(name, document);
  try {
    // No alias is followed: a character has no use for one, and a bomb is made of them.
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw notACard(name, t('It points from one place to another, which no character does.'));
  }
}

export type WrittenFile = {
  readonly bytes: Buffer;
  /** What of the character this kind of file has no place for. */
  readonly lacks: readonly string[];
};

/** A picture with both cards. @param picture as PNG; null = one of a plain colour */
export function writeCardPng(read: Omit<ReadCard, 'problems'>, picture: Uint8Array | null): WrittenFile {
  const chunks = readPng(picture ?? plainPng(400, 600, colourOf(read.card.name)));
  const own = chunks.filter((chunk) => !cardKeywords.includes(keywordOf(chunk) ?? ''));
  const card = (version: 2 | 3) =>
    Buffer.from(JSON.stringify(writeCard(read, version)), 'utf8').toString('base64');
  const cards = [textChunk('chara', card(2)), textChunk('ccv3', card(3))];
  return { bytes: writePng([...own.slice(0, -1), ...cards, ...own.slice(-1)]), lacks: [] };
}

export function writeCardJson(read: Omit<ReadCard, 'problems'>, hasPicture: boolean): WrittenFile {
  return {
    bytes: Buffer.from(`${JSON.stringify(writeCard(read), null, 2)}\n`, 'utf8'),
    lacks: hasPicture ? [t('the picture')] : [],
  };
}

/** What text-generation-webui reads: name, greeting, context. */
export function writeCardYaml({ card }: Pick<ReadCard, 'card'>, hasPicture: boolean): WrittenFile {
  const kept = Object(card.extensions[webuiExtension]) as Record<string, unknown>;
  const fields = { name: card.name, greeting: card.first_mes, context: contextOf(card), ...kept };
  const lacking: readonly (readonly [boolean, string])[] = [
    [hasPicture, t('the picture (save it beside the file, with the same name)')],
    [card.alternate_greetings.length > 0, t('the other greetings')],
    [(card.character_book?.entries.length ?? 0) > 0, t('the lorebook')],
    [card.system_prompt !== '', t('the system prompt')],
    [card.post_history_instructions !== '', t('the instructions after the history')],
    [card.creator_notes !== '', t('the creator’s notes')],
    [card.tags.length > 0, t('the tags')],
  ];
  return {
    bytes: Buffer.from(yaml().stringify(fields, { lineWidth: 0 }), 'utf8'),
    lacks: lacking.filter(([is]) => is).map(([, what]) => what),
  };
}

function contextOf(card: Card): string {
  const { description, personality, scenario, mes_example } = card;
  return [
    description,
    // eslint-disable-next-line altiplano/no-loose-text -- the words of text-generation-webui, said to the model
    personality === '' ? '' : `Personality: ${personality}`,
    // eslint-disable-next-line altiplano/no-loose-text -- as above
    scenario === '' ? '' : `Scenario: ${scenario}`,
    mes_example,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A calm one that a name always has. */
function colourOf(name: string): [number, number, number] {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)!) % 360, 7);
  return [0, 120, 240].map((turn) => Math.round(120 + 50 * Math.cos(((sum + turn) / 180) * Math.PI))) as [
    number,
    number,
    number,
  ];
}

/** @throws AppError bad-input; says what to do with pictures that have no card */
export function requireCardFile(path: string): void {
  if (/\.(png|json|ya?ml)$/i.test(path)) return;
  throw new AppError({
    code: 'bad-input',
    message: t('This is no file of a character.'),
    hint: t('Characters come as PNG, JSON or YAML files.'),
  });
}
