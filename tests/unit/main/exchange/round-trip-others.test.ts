/**
 * What is exported in a format of others comes back equal through our own reader, as far as the format can say it: the
 * path that is shown with the versions of its turns, or each path to a reply. Messages without anything in them have no
 * place there.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { withAttachments } from '../../../../main/chat/attached.js';
import { writers } from '../../../../main/exchange/export/formats.js';
import { makeSource, type ExportedChat } from '../../../../main/exchange/export/source.js';
import { childrenOf, leavesOf, parentsOf, pathTo } from '../../../../main/exchange/export/tree.js';
import type { ImportedChat, ImportedMessage } from '../../../../main/exchange/import/neutral.js';
import type { OwnMessage } from '../../../../main/exchange/own-format.js';
import { anyChat, hasWords, imported, readEvents } from '../../../fixtures/any-chat.js';

beforeAll(() => {
  // text-generation-webui writes the time of its place.
  process.env['TZ'] = 'UTC';
});

type Format = 'text-generation-webui' | 'sillytavern' | 'sharegpt' | 'openai' | 'alpaca';

const importedAs = { sillytavern: 'silly-tavern' } as const;

async function there(original: ImportedChat): Promise<ExportedChat> {
  const source = makeSource(imported([original]));
  return source.chat(source.chatIds({ kind: 'everything' })[0]!, 'tree');
}

/** The chats that come back, which all are of the one format and nothing of which failed. */
async function andBack(format: Format, chat: ExportedChat): Promise<ImportedChat[]> {
  const text = [...writers[format](chat, { metadata: true })].join('');
  if (text === '') return [];
  const [first, ...rest] = await readEvents(text);
  expect(first).toEqual({ kind: 'format', format: format in importedAs ? importedAs.sillytavern : format });
  return rest.map((event) => {
    expect(event).toMatchObject({ kind: 'chat', chat: { losses: {} } });
    return (event as Extract<typeof event, { kind: 'chat' }>).chat;
  });
}

const check = (property: (original: ImportedChat) => Promise<void>) =>
  fc.assert(fc.asyncProperty(anyChat, property), { numRuns: 40 });

/** The path that is shown, each message with those that stand in its place. */
function pathOf({ messages, leaf }: ImportedChat) {
  const path: { readonly message: ImportedMessage; readonly versions: readonly ImportedMessage[] }[] = [];
  for (let at = leaf; at !== null; at = messages[at]!.parent) {
    const { parent } = messages[at]!;
    path.unshift({
      message: messages[at]!,
      versions: messages.filter((other) => other.parent === parent),
    });
  }
  return path;
}

type Said = Pick<OwnMessage, 'role' | 'text'> & {
  readonly attachments: readonly { readonly name: string; readonly text: string }[];
};
const said = ({ role, text, attachments }: Said) => ({
  role,
  text,
  attachments: attachments.map(({ name, text: content }) => ({ name, text: content })),
});
const saysSomething = ({ text, attachments }: Said) => hasWords(text) || attachments.length > 0;

/** What stands in the place of a message in a format with versions: earlier texts are versions there. */
function toldVersions(chat: ExportedChat, id: string): string[] {
  const { parentId, role } = chat.nodes.find((node) => node.id === id)!;
  return chat.nodes
    .filter((node) => node.parentId === parentId && node.role === role)
    .map((node) => chat.message(node.id))
    .flatMap(({ revisions, text }) => [...revisions.map((revision) => revision.text), text]);
}

describe.each([
  { format: 'text-generation-webui', withVersions: ['user', 'assistant'], minuteMs: 60_000 },
  { format: 'sillytavern', withVersions: ['assistant'], minuteMs: 1 },
] as const)('$format', ({ format, withVersions, minuteMs }) => {
  test('the path that is shown, with files, models and times', () =>
    check(async (original) => {
      const chat = await there(original);
      const told = chat.path.map(chat.message).filter(saysSomething);
      if (told.length === 0) return;
      const [back, ...more] = await andBack(format, chat);
      expect(more).toEqual([]);
      const path = pathOf(back!).map(({ message }) => message);
      // After a reply without words, one of its versions is shown.
      const isWhole = chat.path.length > 0 && saysSomething(chat.message(chat.path.at(-1)!));
      expect(path.slice(0, isWhole ? undefined : told.length).map(said)).toEqual(told.map(said));
      for (const [at, { model, createdAt, revisions }] of told.entries()) {
        expect(path[at]!.model).toBe(model);
        const isSame = Math.floor(createdAt / minuteMs) * minuteMs === path[at]!.createdAt;
        // The time of a version is that of its text.
        if (revisions.length === 0) expect(isSame).toBe(true);
      }
    }));

  test('all versions of its turns, earlier texts among them', () =>
    check(async (original) => {
      const chat = await there(original);
      // A turn without words has no place; what follows it stands in its place, beside its other versions.
      if (!chat.path.map(chat.message).every(saysSomething)) return;
      const [back] = await andBack(format, chat);
      const places = pathOf(back!);
      for (const [at, id] of chat.path.entries()) {
        const { role, text } = chat.message(id);
        const versions = withVersions.some((each) => each === role) ? toldVersions(chat, id) : [text];
        const hasFiles = chat.message(id).attachments.length > 0;
        expect(places[at]!.versions.map((version) => version.text)).toEqual(
          versions.filter((version) => hasFiles || hasWords(version)),
        );
      }
    }));
});

/** A chat that is one path, as a model is trained on it: with its files in its words. */
const trained = ({ level, title, ...chat }: ImportedChat) => ({
  title,
  systemPrompt: level.systemPrompt,
  turns: pathOf(chat as ImportedChat).map(({ message: { role, text } }) => ({ role, text })),
});
const inWords = ({ role, text, attachments }: OwnMessage) => ({
  role,
  text: withAttachments(text, attachments),
});
const trainedTitle = ({ title }: { readonly title: string }) => title.trim().replace(/\s+/g, ' ');
const sorted = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).sort();

describe.each(['sharegpt', 'openai'] as const)('%s', (format) => {
  test('each path to a reply, with the system prompt and the files', () =>
    check(async (original) => {
      const chat = await there(original);
      const parents = parentsOf(chat.nodes);
      const paths = leavesOf(chat.nodes)
        .map((leaf) => pathTo(parents, leaf))
        .map((path) =>
          path.slice(
            0,
            path
              .map(chat.message)
              .map(({ role, text }) => role === 'assistant' && hasWords(text))
              .lastIndexOf(true) + 1,
          ),
        );
      const isPartOfAnother = (path: readonly string[]) =>
        paths.some((other) => other.length > path.length && other[path.length - 1] === path.at(-1));
      const expected = [
        ...new Set(paths.filter((path) => path.length > 0 && !isPartOfAnother(path)).map(String)),
      ]
        .map((path) => path.split(','))
        .map((path) => ({
          title: trainedTitle(chat.head),
          systemPrompt: chat.head.level.systemPrompt,
          turns: path.map((id) => inWords(chat.message(id))).filter(({ text }) => hasWords(text)),
        }));
      expect(sorted((await andBack(format, chat)).map(trained))).toEqual(sorted(expected));
    }));
});

test('alpaca: each question with each of its replies', () =>
  check(async (original) => {
    const chat = await there(original);
    const children = childrenOf(chat.nodes);
    const expected = chat.nodes.flatMap(({ id, role }) =>
      role !== 'user'
        ? []
        : (children.get(id) ?? [])
            .map(chat.message)
            .filter((reply) => reply.role === 'assistant' && hasWords(reply.text))
            .map((reply) => {
              const { text, attachments } = chat.message(id);
              const question = [text, withAttachments('', attachments)]
                .filter((part) => part !== '')
                .join('\n\n');
              return {
                title: trainedTitle(chat.head),
                systemPrompt: null,
                turns: [
                  { role: 'user', text: question },
                  { role: 'assistant', text: reply.text },
                ].filter(({ text: each }) => hasWords(each)),
              };
            }),
    );
    expect(sorted((await andBack('alpaca', chat)).map(trained))).toEqual(sorted(expected));
  }));
