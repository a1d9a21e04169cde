/** Entry of the process that the crash drill kills: writes chats as the app does, and tells each message once it is saved. */
import { openDatabase } from './open.js';
import { makeQueries } from './queries.js';
import type { SavedMessage } from './drill.js';

const [path] = process.argv.slice(2);
const queries = makeQueries(openDatabase(path!));

/** Electron's way to main, or that of a child of Node. */
const { parentPort } = process as { parentPort?: { postMessage(message: unknown): void } };
const tell = (message: SavedMessage) =>
  parentPort === undefined ? process.send!(message) : parentPort.postMessage(message);

// eslint-disable-next-line altiplano/no-loose-text -- written by the drill, read by nobody
const words = 'The llama hums, and the herd goes on. ';

async function write(): Promise<void> {
  for (;;) {
    const { id: chatId } = queries.createChat();
    const asked = queries.addMessage({ chatId, parentId: null, role: 'user', text: words, model: null });
    tell({ id: asked.id, text: words });
    const of = { chatId, parentId: asked.id, role: 'assistant' as const };
    const reply = queries.addMessage({ ...of, text: '', model: 'Drill' });
    for (let length = 1; length <= 8; length++) {
      const text = words.repeat(length);
      queries.saveReply({ messageId: reply.id, text, stats: null, error: null });
      tell({ id: reply.id, text });
      // What was told leaves the process meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

void write();
