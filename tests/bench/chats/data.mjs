/** Owns databases full of chats for benches: made straight in SQLite by the app's own schema, and kept for later runs. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { inProject } from '../../../scripts/lib/paths.mjs';
import { language, randomNumbers } from './words.mjs';

export const models = ['Vicuna 7B', 'TinyLlama 1.1B', 'Llama 3.2 3B', 'Alpaca 13B'];
const firstDay = Date.UTC(2023, 0, 1);
const days = 1000;
const dayMs = 24 * 60 * 60 * 1000;

/** Makes the app's own thread open a database, so that it has the schema of this version. */
export async function openedByApp(path) {
  const worker = new Worker(inProject('out', 'main', 'database.js'), { workerData: { path } });
  let seq = 0;
  const ask = async (method, ...args) => {
    const asked = ++seq;
    worker.postMessage({ seq: asked, method, args });
    for (;;) {
      const [answer] = await once(worker, 'message');
      if (answer.seq !== asked) continue;
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value;
    }
  };
  return { ask, close: () => ask('close') };
}

/**
 * A database of `messages` messages in `chats` chats; `longChat` more messages are in one chat of their own, the newest.
 * @returns its path; not indexed yet when it is new
 */
export async function chatDatabase({ name, messages, chats, longChat = 0 }) {
  const path = inProject('out', 'bench', `${name}.db`);
  if (existsSync(path)) return { path, isNew: false };
  await mkdir(inProject('out', 'bench'), { recursive: true });
  const making = `${path}.making`;
  for (const end of ['', '-wal', '-shm']) await rm(making + end, { force: true });
  const app = await openedByApp(making);
  await app.ask('listChats');
  await app.close();
  const db = new Sqlite(making);
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = OFF');
  fill(db, { messages, chats, longChat });
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  await rename(making, path);
  return { path, isNew: true };
}

function fill(db, { messages, chats, longChat }) {
  const random = randomNumbers(7);
  const { say } = language(random);
  const text = (mean) => {
    const count = Math.max(2, Math.round(mean * Math.exp((random() + random() + random() - 1.6) * 1.2)));
    return Array.from({ length: count }, say).join(' ');
  };
  const addChat = db.prepare(
    'INSERT INTO chats (id, title, created_at, updated_at, leaf_id) VALUES (?, ?, ?, ?, ?)',
  );
  const addMessage = db.prepare(
    'INSERT INTO messages (id, chat_id, parent_id, role, text, created_at, model) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  let made = 0;
  // As long as the ids of the app: an index of the database has them all.
  const id = (kind, number) => `01900000-0000-7000-${kind}000-${String(number).padStart(12, '0')}`;
  const add = (chat, count, startMs) => {
    let parent = null;
    for (let number = 0; number < count; number++) {
      const isReply = number % 2 === 1;
      const messageId = id('a', made++);
      const model = isReply ? models[Math.floor(random() * models.length)] : null;
      const at = startMs + number * 60_000;
      addMessage.run(
        messageId,
        id('b', chat),
        parent,
        isReply ? 'assistant' : 'user',
        text(isReply ? 90 : 25),
        at,
        model,
      );
      parent = messageId;
    }
    addChat.run(id('b', chat), text(4), startMs, startMs + count * 60_000, parent);
  };
  db.transaction(() => {
    for (let chat = 0; chat < chats; chat++) {
      const count = Math.round((messages * (chat + 1)) / chats) - Math.round((messages * chat) / chats);
      add(chat, count, firstDay + Math.round((chat / chats) * days * dayMs));
    }
    if (longChat > 0) add(chats, longChat, firstDay + days * dayMs);
  })();
}
