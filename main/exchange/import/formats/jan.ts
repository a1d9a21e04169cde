/** Owns reading the threads of Jan: `messages.jsonl`, with what the thread is in `thread.json` beside it. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, DraftPath, fenced, LossCount, type Draft, type DraftRole } from '../draft.js';
import { Unreadable, type ChatFormat, type FileFacts, type PieceReader } from '../format.js';
import { fields, list, name, records, text, timeMs, type Fields } from '../values.js';

const isMessage = (value: unknown): boolean => {
  const line = fields(value);
  return (
    line?.['object'] === 'thread.message' ||
    (line !== null && 'thread_id' in line && 'role' in line && 'content' in line)
  );
};

export const jan: ChatFormat = {
  id: 'jan',
  recognises: ({ value }) => isMessage(value),
  open: (file) => new JanReader(file),
};

const roles: Readonly<Record<string, DraftRole>> = { user: 'user', system: 'system', tool: 'tool' };

class JanReader implements PieceReader {
  readonly #file: FileFacts;
  readonly #thread: Fields;
  readonly #path = new DraftPath();
  readonly #losses = new LossCount();
  readonly #model: string | null;

  constructor(file: FileFacts) {
    this.#file = file;
    this.#thread = fields(file.beside) ?? {};
    this.#model = name(fields(this.#assistant()?.['model'])?.['id']);
  }

  take({ value }: { readonly value: unknown }) {
    if (!isMessage(value)) throw new Unreadable(t('A line is no message.'));
    this.#path.add([this.#draftOf(fields(value)!)]);
    return [];
  }

  end() {
    const { title, created, updated, metadata } = this.#thread;
    const settings = fields(fields(this.#assistant()?.['model'])?.['parameters']) ?? {};
    if (Object.keys(settings).length > 0) this.#losses.add('settings');
    const chat = {
      title: name(title) ?? name(fields(metadata)?.['title']),
      createdAt: timeMs(created),
      updatedAt: timeMs(updated),
      systemPrompt: name(this.#assistant()?.['instructions']),
      nodes: this.#path.nodes,
      losses: this.#losses,
    };
    return [toChat(chat, this.#file.modifiedMs)];
  }

  #assistant(): Fields | undefined {
    return records(this.#thread['assistants'])[0];
  }

  #draftOf(message: Fields): Draft {
    const losses = this.#losses;
    const parts = typeof message['content'] === 'string' ? [] : records(message['content']);
    const own = roles[text(message['role'])] ?? 'assistant';
    const thoughts: string[] = [];
    const answers: string[] = [text(message['content'])];
    let usesTool = false;
    for (const part of parts) {
      const words = text(fields(part['text'])?.['value']) || text(part['text']);
      if (part['type'] === 'reasoning') thoughts.push(words);
      else if (part['type'] === 'image_url') losses.add('pictures');
      else if (part['type'] === 'tool_call') {
        usesTool = true;
        losses.add('tools');
        const use = [asText(part['input']), asText(part['output'])].filter((each) => each !== '');
        answers.push(fenced(name(part['tool_name']) ?? 'tool', use.join('\n\n')));
      } else answers.push(words);
    }
    losses.add('files', list(message['attachments']).length);
    return {
      role: own,
      text: answers.filter((part) => part !== '').join('\n\n'),
      thinking: thoughts.join('\n\n'),
      createdAt: timeMs(message['created_at']),
      model: own === 'assistant' ? this.#model : null,
      error:
        message['status'] === 'error'
          ? (name(message['error_code']) ?? t('This reply ended with an error.'))
          : null,
      usesTool,
    };
  }
}
