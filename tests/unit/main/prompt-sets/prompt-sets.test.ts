/** What users do with prompt sets, on a real database; and the set that comes with the app. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database as Sqlite } from 'better-sqlite3';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { PromptSets } from '../../../../main/prompt-sets/prompt-sets.js';
import { shippedPrompts, shippedSet } from '../../../../main/prompt-sets/shipped.js';
import type { PromptContent, PromptSet } from '../../../../preload/contract/prompt-sets.js';
import { later } from '../../../fixtures/later.js';

let db: Sqlite;
let queries: Queries;
let sets: PromptSets;
let told: (readonly PromptSet[])[];
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
  told = [];
  sets = new PromptSets({ db: later(queries), onChange: (list) => void told.push(list) });
});
afterEach(() => db.close());

const content = (text: string, category = 'coding'): PromptContent => ({
  ...{ category, level: null, text, reference: '' },
});
const texts = async (setId: string) => (await sets.prompts(setId)).map(({ text }) => text);
const undo = () => queries.undo({ stepId: null, busyChatIds: [] });

test('a set is made, named, filled and emptied; each step is told and can be taken back', async () => {
  const { id } = await sets.create('Mine');
  const first = await sets.addPrompt(id, content('one'));
  await sets.addPrompt(id, content('two', 'writing'));
  await sets.changePrompt(first.id, { ...content('uno'), reference: '1' });
  expect(await sets.rename(id, 'Ours')).toMatchObject({
    name: 'Ours',
    counts: [
      { category: 'coding', count: 1 },
      { category: 'writing', count: 1 },
    ],
  });
  expect(told.at(-1)).toEqual(await sets.list());
  await sets.removePrompt(first.id);
  expect(await texts(id)).toEqual(['two']);
  undo();
  expect(await sets.prompts(id)).toMatchObject([{ text: 'uno', reference: '1' }, { text: 'two' }]);
  await sets.remove(id);
  await expect(sets.prompts(id)).rejects.toMatchObject({ code: 'not-found' });
  undo();
  expect(await texts(id)).toEqual(['uno', 'two']);
  undo();
  undo();
  expect(await texts(id)).toEqual(['one', 'two']);
  expect((await sets.find(id)).name).toBe('Mine');
});

test('the shipped set can’t be changed; its copy can', async () => {
  await expect(sets.rename(shippedSet.id, 'Mine')).rejects.toMatchObject({ code: 'bad-input' });
  await expect(sets.remove(shippedSet.id)).rejects.toThrow('can’t be changed');
  expect(() => sets.removePrompt(shippedPrompts[0]!.id)).toThrow('can’t be changed');
  const copy = await sets.duplicate(shippedSet.id);
  expect(copy).toMatchObject({ name: 'Altiplano 80 2', isOwn: true, does: 'A copy of Altiplano 80.' });
  expect(await texts(copy.id)).toEqual(shippedPrompts.map(({ text }) => text));
  await sets.removePrompt((await sets.prompts(copy.id))[0]!.id);
  expect(await texts(copy.id)).toHaveLength(79);
  await expect(sets.rename(copy.id, 'ALTIPLANO 80')).rejects.toThrow(
    'There is a prompt set named “Altiplano 80” already.',
  );
});

test('a file becomes a set as one step, with what could not be read of it; and goes out again', async () => {
  const bad = Array.from({ length: 30 }, () => 'no json');
  const file = ['{"prompt": "one"}', ...bad, '{"prompt": "two", "category": "x"}'].join('\n');
  const imported = await sets.importFile('mine', file);
  expect(imported).toMatchObject({ read: 2, moreProblems: 10, set: { name: 'mine' } });
  expect(imported.problems).toHaveLength(20);
  expect(await sets.importFile('mine', file)).toMatchObject({ set: { name: 'mine 2' } });
  undo();
  expect((await sets.list()).map(({ name }) => name)).toEqual(['Altiplano 80', 'mine']);
  const { text } = await sets.exportFile(imported.set.id);
  expect(text.trim().split('\n')).toHaveLength(2);
  await expect(sets.importFile('none', '')).rejects.toThrow('There is no prompt in “none”.');
  expect(await sets.list()).toHaveLength(2);
});

test('the shipped set has eighty prompts in six categories, each with what its category needs', () => {
  expect(shippedPrompts).toHaveLength(80);
  expect(new Set(shippedPrompts.map(({ text }) => text)).size).toBe(80);
  expect(new Set(shippedPrompts.map(({ id }) => id)).size).toBe(80);
  const of = (category: string) => shippedPrompts.filter((prompt) => prompt.category === category);
  for (const category of ['writing', 'reasoning', 'calculation', 'coding', 'knowledge'])
    expect(of(category), category).toHaveLength(12);
  for (const category of ['reasoning', 'calculation', 'knowledge'])
    for (const { text, reference } of of(category)) expect(reference, text).not.toBe('');
  // Each level is the one before it with a demand more.
  const instructions = of('instructions');
  expect(instructions.map(({ level }) => level).join('')).toBe('12345'.repeat(4));
  for (const [index, { level, text }] of instructions.entries())
    if (level !== 1) expect(text.startsWith(`${instructions[index - 1]!.text} `)).toBe(true);
});
