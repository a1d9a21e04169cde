/** Characters as users work with them, in a real database and with real files. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCardFile } from '../../../../main/characters/card-file.js';
import { Characters } from '../../../../main/characters/characters.js';
import { exampleCards } from '../../../../main/characters/examples.js';
import { importFile, withoutPictures } from '../../../../main/characters/import.js';
import { readPicture } from '../../../../main/characters/picture.js';
import { plainPng } from '../../../../main/characters/png.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { cardSchema } from '../../../../preload/contract/characters.js';
import { later } from '../../../fixtures/later.js';

let connection: ReturnType<typeof openDatabase>;
let queries: Queries;
let characters: Characters;
let folder: string;
/** The names that the page was told last. */
let told: readonly string[];

beforeEach(() => {
  connection = openDatabase(':memory:');
  queries = makeQueries(connection);
  folder = mkdtempSync(join(tmpdir(), 'altiplano-cast-'));
  characters = new Characters({
    db: later(queries),
    onCharacters: (list) => (told = list.map(({ name }) => name)),
    onPersonas: () => undefined,
    toPng: () => null,
  });
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

const card = (fields: object) => cardSchema.parse({ name: 'Ana', first_mes: 'Hi, {{user}}.', ...fields });
const undo = () => queries.undo({ stepId: null, busyChatIds: [] });
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const importPaths = (...paths: string[]) =>
  characters.import(paths.map((path) => ({ name: path, read: () => importFile(path) })));
const path = (chatId: string) => queries.openThread(chatId).messages.map(({ text }) => text);

test('a character is made, changed, copied, deleted, and each step can be taken back', async () => {
  const { id } = await characters.create(card({ x_own: [1] }));
  await characters.save(id, card({ name: 'Berta' }));
  expect(told).toEqual(['Berta']);
  undo();
  expect((await characters.open(id)).card).toMatchObject({ name: 'Ana', x_own: [1] });
  await characters.duplicate(id);
  expect(told).toEqual(['Ana', 'Ana (copy)']);
  await characters.remove(id);
  expect(told).toEqual(['Ana (copy)']);
  await expect(characters.open(id)).rejects.toThrow('no longer exists');
  undo();
  expect((await characters.open(id)).card.name).toBe('Ana');
});

test('a damaged record hides no other', async () => {
  const { id } = await characters.create(card({}));
  await characters.create(card({ name: 'Berta' }));
  connection.prepare('UPDATE characters SET card = ? WHERE id = ?').run('{nonsense', id);
  expect(queries.listCharacters().map(({ name }) => name)).toEqual(['Berta', 'Damaged character']);
  expect((await characters.open(id)).card.name).toBe('Damaged character');
});

test('a chat begins with the greetings as versions of its first message, addressed to the persona', async () => {
  const { id } = await characters.create(card({ alternate_greetings: ['Ho, {{user}}.'], nickname: 'A' }));
  const persona = await characters.createPersona({ name: 'Max', description: '' });
  const chat = await characters.startChat(id, persona.id);
  expect(chat).toMatchObject({ characterId: id, personaId: persona.id, title: 'Ana', mode: 'instruct' });
  const [greeting] = queries.openThread(chat.id).messages;
  expect(greeting).toMatchObject({ role: 'assistant', text: 'Hi, Max.', model: null });
  expect(greeting!.versionIds.map((each) => queries.findMessage(each).text)).toEqual([
    'Hi, Max.',
    'Ho, Max.',
  ]);
});

test('who talks can be changed; new greetings come only where nobody else spoke', async () => {
  const ana = await characters.create(card({}));
  const berta = await characters.create(card({ name: 'Berta', first_mes: 'Berta here.' }));
  const chat = await characters.startChat(ana.id, null);
  expect(path(chat.id)).toEqual(['Hi, You.']);
  const max = await characters.createPersona({ name: 'Max', description: '' });
  const second = await characters.cast(chat, { personaId: max.id });
  expect(path(chat.id)).toEqual(['Hi, Max.']);
  const third = await characters.cast(second, { characterId: berta.id });
  expect(path(chat.id)).toEqual(['Berta here.']);
  expect(queries.openThread(chat.id).messages[0]!.versionIds).toHaveLength(3);
  const same = await characters.cast(third, { mode: 'chat' });
  expect(same).toMatchObject({ mode: 'chat', characterId: berta.id, personaId: max.id });
  expect(queries.openThread(chat.id).messages[0]!.versionIds).toHaveLength(3);
  const leaf = queries.openThread(chat.id).messages[0]!.id;
  queries.addMessage({ chatId: chat.id, parentId: leaf, role: 'user', text: 'Hello', model: null });
  await characters.cast(same, { characterId: ana.id });
  expect(path(chat.id)).toEqual(['Berta here.', 'Hello']);
  undo();
  expect(queries.openThread(chat.id).chat.characterId).toBe(berta.id);
});

test('a chat whose character was deleted has none, and one that comes back has it again', async () => {
  const { id } = await characters.create(card({}));
  await characters.remove(id);
  expect(queries.cardOf(id)).toBeNull();
  undo();
  expect(queries.cardOf(id)?.name).toBe('Ana');
});

test('files come in, each by itself, with the picture that lies beside; bad ones say why', async () => {
  const png = plainPng(2, 2, [9, 9, 9]);
  const yaml = file('Kai.yaml', 'name: Kai\ngreeting: Hi\ncontext: c\n');
  file('Kai.png', png);
  const bad = file('Lou.yaml', 'name: Lou\ncontext: c\n');
  file('Lou.jpg', 'no picture');
  const [kai, lou, none, wrong] = await importPaths(yaml, bad, file('x.json', '{'), file('x.txt', 'x'));
  expect(kai).toMatchObject({ character: { name: 'Kai' }, problems: [] });
  expect(Buffer.from(queries.findPicture(kai!.character!.picture!)!.bytes)).toEqual(png);
  expect(lou!.character).toMatchObject({ name: 'Lou', picture: null });
  expect(lou!.problems[0]).toContain('Lou.jpg: This picture can’t be used');
  expect(none).toMatchObject({ character: null });
  expect(none!.problems[0]).toContain('no sound JSON');
  expect(wrong!.problems[0]).toContain('PNG, JSON or YAML');
  expect(told).toEqual(['Kai', 'Lou']);
});

test('a file that is enormous is not read', async () => {
  const huge = file('huge.json', '');
  truncateSync(huge, 5e9);
  const [refused] = await importPaths(huge, join(folder, 'gone.png'));
  expect(refused!.problems[0]).toContain('32 MB is the most');
});

test('pictures dropped with their characters are no characters', () => {
  expect(withoutPictures(['/a/Kai.yaml', '/a/kai.PNG', '/a/Lou.png', '/b/Kai.png'])).toEqual([
    ...['/a/Kai.yaml', '/a/Lou.png', '/b/Kai.png'],
  ]);
});

test('an export has the picture and the card; one that can’t be decoded is told', async () => {
  const { id } = await characters.create(exampleCards[0]!);
  const png = plainPng(4, 4, [1, 1, 1]);
  await characters.setPicture(id, readPicture(png));
  const { bytes, name } = await characters.export(id, 'png');
  expect(name).toBe(exampleCards[0]!.name);
  expect(Buffer.from(readCardFile('x', bytes).picture!.bytes)).toEqual(png);
  expect((await characters.export(id, 'json')).lacks).toEqual(['the picture']);
  // Start of image, a frame header of 2 × 1 pixels, end of image.
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 2, 1, 1, 0x11, 0, 0xff, 0xd9]);
  await characters.setPicture(id, readPicture(jpeg));
  expect((await characters.export(id, 'png')).lacks).toEqual(['the picture, which can’t be decoded']);
});

test('a JPEG that says it is enormous is refused', () => {
  const jpeg = Buffer.from([
    0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0, 0xff, 0xd9,
  ]);
  expect(() => readPicture(jpeg)).toThrow('65535 × 65535 pixels');
  expect(() => readPicture(jpeg.subarray(0, 6))).toThrow('header is damaged');
});
