/** Notes with a real database: what the model writes is saved as it comes, and a chat becomes a note. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../../main/db/id.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { Notes, type NotesOptions } from '../../../../main/notes/notes.js';
import type { GenerateRequest } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

type Collected = Awaited<ReturnType<NotesOptions['runs']['collect']>>;

let queries: Queries;
let notes: Notes;
let close: () => void;
let asked: GenerateRequest | null;
let write: (written: string) => void;
let end: (end: Partial<Collected> & { text: string }) => void;
let prompts: unknown[];

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
  asked = null;
  prompts = [];
  const later = new Proxy({} as NotesOptions['db'], {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
  });
  notes = new Notes({
    db: later,
    runs: {
      collect: (request, _turn, onText) => {
        asked = request;
        write = (written) => onText!(written, []);
        return new Promise((resolve) => {
          end = (report) => resolve({ type: 'done', runId: request.runId, ...report } as Collected);
        });
      },
      stop: () => end({ text: ' stopped' }),
    },
    loader: { modelName: async () => 'm', ensureLoaded: async () => undefined },
    engine: {
      promptText: async (prompt) => {
        prompts.push(prompt.messages.map(({ role, text }) => [role, text]));
        return '<|im_start|>user\nWho spits?';
      },
    },
    inForce: async () => ({ sampling: defaultSampling(), systemPrompt: 'Be brief.' }),
    onProblem: () => undefined,
  });
});
afterEach(() => close());

const settle = () => new Promise((resolve) => setTimeout(resolve));
const begin = async (text = 'Once') => {
  const { id } = queries.createNote({ name: '', text: '', marks: false });
  const run = await notes.generate(id, text, defaultSampling());
  return { id, run };
};

describe('going on with a note', () => {
  test('begins with the text as it is, which is saved first', async () => {
    const { id, run } = await begin();
    expect(queries.textOfNote(id)).toBe('Once');
    expect(asked?.prompt).toEqual({ kind: 'text', text: 'Once', marks: false });
    expect(notes.running()).toEqual([{ runId: run.runId, noteId: id, baseLength: 4, text: 'Once' }]);
  });

  test('what comes is known while it comes, saved within a second, and whole at the end', async () => {
    const { id } = await begin();
    write(' upon');
    expect(notes.running()[0]?.text).toBe('Once upon');
    await expect.poll(() => queries.textOfNote(id), { timeout: 5000 }).toBe('Once upon');
    end({ text: ' upon a time' });
    await settle();
    expect(queries.textOfNote(id)).toBe('Once upon a time');
    expect(notes.running()).toEqual([]);
  });

  test('one run at a time in a note', async () => {
    const { id } = await begin();
    await expect(notes.generate(id, 'Twice', defaultSampling())).rejects.toMatchObject({ code: 'busy' });
    expect(queries.textOfNote(id)).toBe('Once');
  });

  test('a note that is deleted stops, and comes back with all that was written', async () => {
    const { id } = await begin();
    await notes.remove(id);
    expect(queries.listNotes('')).toEqual([]);
    queries.undo({ stepId: null, busyChatIds: [] });
    expect(queries.textOfNote(id)).toBe('Once stopped');
  });
});

describe('a chat in the notebook', () => {
  const chat = () => {
    const { id } = queries.createChat();
    const message = { chatId: id, parentId: null, role: 'user', text: 'Who spits?', model: null } as const;
    const question = queries.addMessage(message);
    return { id, question };
  };

  test('ends where the reply to its question begins, with its name and its special tokens', async () => {
    const { id } = chat();
    const note = await notes.fromChat(id);
    expect(note).toMatchObject({ name: 'Who spits?', marks: true });
    expect(queries.textOfNote(note.id)).toBe('<|im_start|>user\nWho spits?');
    expect(prompts).toEqual([
      [
        ['system', 'Be brief.'],
        ['user', 'Who spits?'],
      ],
    ]);
  });

  test('ends with the last reply, open, where there is one', async () => {
    const { id, question } = chat();
    const reply = {
      chatId: id,
      parentId: question.id,
      role: 'assistant',
      text: 'Llamas',
      model: 'm',
    } as const;
    queries.addMessage(reply);
    await notes.fromChat(id);
    expect(prompts.at(-1)).toContainEqual(['assistant', 'Llamas']);
  });

  test('an empty chat and an incognito one are refused, and nothing is made', async () => {
    await expect(notes.fromChat(queries.createChat().id)).rejects.toThrow('Nothing was said');
    await expect(notes.fromChat(`incognito-${newId()}`)).rejects.toMatchObject({ code: expect.any(String) });
    expect(queries.listNotes('')).toEqual([]);
  });
});
