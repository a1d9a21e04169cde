/** One chat in the form of each program, read back: the same words, versions, times and path. */
import { describe, expect, test } from 'vitest';
import { importFormatIds, type ImportFormat } from '../../../../../preload/contract/import-formats.js';
import type { ImportedChat } from '../../../../../main/exchange/import/neutral.js';
import { readChats } from '../../../../../main/exchange/import/read-file.js';
import {
  bytesOf,
  chatgptConversation,
  claudeConversation,
  foreignChats,
  janThread,
  oldLlamaCpp,
  oldTextGenerationWebui,
  said,
  startMs,
} from '../../../../fixtures/foreign-chats.js';
import { gpt4allChat } from '../../../../fixtures/gpt4all-chat.js';

async function read(bytes: Buffer, name = 'file', beside: unknown = null) {
  const chats: ImportedChat[] = [];
  const failures: string[] = [];
  let format: ImportFormat | null = null;
  async function* chunks() {
    // Borders of chunks fall anywhere.
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const facts = { name, modifiedMs: startMs + 99, beside };
  for await (const event of readChats(facts, bytes.length < 5000 ? chunks() : whole(bytes), null)) {
    if (event.kind === 'chat') chats.push(event.chat);
    else if (event.kind === 'failed') failures.push(`${event.what}: ${event.why}`);
    else ({ format } = event);
  }
  return { chats, failures, format };
}

async function* whole(bytes: Buffer) {
  yield bytes;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const one = async (value: unknown) => {
  const { chats, failures } = await read(json(value));
  expect(failures).toEqual([]);
  expect(chats).toHaveLength(1);
  return chats[0]!;
};

/** The path that is shown, as role and text. */
function shown({ messages, leaf }: ImportedChat) {
  const path: string[] = [];
  for (let at = leaf; at !== null; at = messages[at]!.parent)
    path.unshift(`${messages[at]!.role}: ${messages[at]!.text}`);
  return path;
}
const wholePath = [
  `user: ${said.question}`,
  `assistant: ${said.second}`,
  `user: ${said.more}`,
  `assistant: ${said.answer}`,
];

/** Formats that keep every version of a reply. */
const withVersions: readonly ImportFormat[] = [
  'chatgpt',
  'claude',
  'open-webui',
  'llama-cpp',
  'lm-studio',
  'silly-tavern',
  'text-generation-webui',
];

describe.each(Object.entries(foreignChats))('%s', (id, foreign) => {
  test('is known by its content, and read with nothing lost', async () => {
    const { chats, failures, format } = await read(
      bytesOf(foreign),
      foreign.name.replace(/\..*/, ''),
      janThread,
    );
    expect(format).toBe(id);
    expect(failures).toEqual([]);
    expect(chats).toHaveLength(1);
    const chat = chats[0]!;
    expect(shown(chat)).toEqual(wholePath);
    expect(chat.losses).toEqual({});
    const versions = chat.messages.filter(({ parent }) => parent === 0).map(({ text }) => text);
    expect(versions).toEqual(
      withVersions.includes(id as ImportFormat) ? [said.first, said.second] : [said.second],
    );
    if (id !== 'text-generation-webui') expect(chat.title).toBe('Squares');
    if (!['claude', 'silly-tavern', 'text-generation-webui'].includes(id))
      expect(chat.level.systemPrompt).toBe(said.system);
  });
});

test('every format has a fixture', () => {
  expect([...importFormatIds].sort()).toEqual([...Object.keys(foreignChats), 'altiplano', 'gpt4all'].sort());
});

test('times, models and marks of the source are kept', async () => {
  const chat = await one([chatgptConversation]);
  expect(chat).toMatchObject({ createdAt: startMs, updatedAt: startMs + 9000 });
  expect(chat.messages.map(({ createdAt }) => createdAt - startMs)).toEqual([1000, 2000, 3000, 4000, 5000]);
  expect(chat.messages.map(({ model }) => model)).toEqual([null, 'gpt-4', 'gpt-4', null, 'gpt-4']);
  const webui = (await read(bytesOf(foreignChats['open-webui']))).chats[0]!;
  expect(webui.tags).toEqual(['maths']);
  const { chats } = await read(bytesOf(foreignChats['silly-tavern']));
  expect(new Date(chats[0]!.createdAt).toString()).toContain('Nov 14 2023 22:13:20');
  expect(new Date(chats[0]!.messages[0]!.createdAt).toString()).toContain('Nov 14 2023 22:13:00');
});

describe('text-generation-webui', () => {
  test('of 2023, where the character speaks first', async () => {
    const chat = await one(oldTextGenerationWebui);
    expect(shown(chat)).toEqual(['assistant: Hello!', `user: ${said.question}`, `assistant: ${said.second}`]);
  });

  test('with files, and tools', async () => {
    const chat = await one({
      internal: [['Look', 'Done']],
      visible: [['Look', 'Done']],
      metadata: {
        user_0: {
          attachments: [
            { name: 'a.csv', type: 'text/csv', content: 'x,y' },
            { name: 'b.png', type: 'image/png' },
          ],
        },
        assistant_0: { tool_sequence: [{ name: 'search', arguments: '{}' }] },
      },
    });
    expect(chat.messages[0]!.attachments).toMatchObject([
      { name: 'a.csv', kind: 'csv', text: 'x,y', characters: 3 },
    ]);
    expect(chat.messages[1]!.text).toContain('```tool\n');
    expect(chat.losses).toEqual({ pictures: 1, tools: 1 });
  });
});

test('llama.cpp as one object and as a list of them', async () => {
  expect(shown(await one(oldLlamaCpp))).toEqual(wholePath);
  const { chats } = await read(json([oldLlamaCpp, oldLlamaCpp]));
  expect(chats).toHaveLength(2);
});

test('several llama.cpp sessions in one file', async () => {
  const lines = bytesOf(foreignChats['llama-cpp']);
  const { chats } = await read(Buffer.concat([lines, Buffer.from('\n'), lines]));
  expect(chats.map(({ messages }) => messages.length)).toEqual([5, 5]);
});

describe('ChatGPT', () => {
  const node = (id: string, parent: string | null, message: unknown) => ({
    [id]: { id, parent, children: [], message },
  });
  const message = (role: string, content: unknown, more = {}) => ({
    author: { role, name: role === 'tool' ? 'python' : null },
    content,
    recipient: 'all',
    metadata: {},
    ...more,
  });

  test('thinking, tools and what was never shown become one reply', async () => {
    const chat = await one([
      {
        title: 'Sum',
        mapping: {
          ...node('r', null, null),
          ...node(
            'h',
            'r',
            message(
              'system',
              { content_type: 'text', parts: ['hidden'] },
              { metadata: { is_visually_hidden_from_conversation: true } },
            ),
          ),
          ...node(
            'u',
            'h',
            message('user', {
              content_type: 'multimodal_text',
              parts: [{ content_type: 'image_asset_pointer' }, 'Sum it'],
            }),
          ),
          ...node(
            't',
            'u',
            message('assistant', {
              content_type: 'thoughts',
              thoughts: [{ summary: 's', content: 'Let me add' }],
            }),
          ),
          ...node(
            'c',
            't',
            message(
              'assistant',
              { content_type: 'code', language: 'python', text: '1+1' },
              { recipient: 'python' },
            ),
          ),
          ...node('o', 'c', message('tool', { content_type: 'execution_output', text: '2' })),
          ...node('a', 'o', message('assistant', { content_type: 'text', parts: ['It is 2.'] })),
        },
        current_node: 'a',
      },
    ]);
    expect(shown(chat)).toEqual([
      'user: Sum it',
      'assistant: <think>\nLet me add\n</think>\n\n```python\n1+1\n```\n\n```python\n2\n```\n\nIt is 2.',
    ]);
    expect(chat.losses).toEqual({ pictures: 1, tools: 2 });
    expect(chat.level.systemPrompt).toBeNull();
  });
});

test('Claude: thinking, tools, pasted texts and files', async () => {
  const chat = await one([
    {
      ...claudeConversation,
      chat_messages: [
        {
          uuid: 'q',
          sender: 'human',
          text: 'Read',
          attachments: [{ file_name: 'n.txt', extracted_content: 'note' }],
          files: [{ file_name: 'p.png' }],
        },
        {
          uuid: 'a',
          sender: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm' },
            { type: 'tool_use', name: 'look', input: { a: 1 } },
            { type: 'tool_result', content: [{ type: 'text', text: 'found' }] },
            { type: 'text', text: 'Read it.' },
          ],
        },
      ],
    },
  ]);
  expect(chat.messages[0]!.attachments).toMatchObject([{ name: 'n.txt', text: 'note' }]);
  expect(chat.messages[1]).toMatchObject({ parent: 0 });
  expect(chat.messages[1]!.text).toBe(
    '<think>\nHm\n</think>\n\n```look\n{\n  "a": 1\n}\n```\n\n```result\nfound\n```\n\nRead it.',
  );
  expect(chat.losses).toEqual({ files: 1, tools: 1 });
});

test('Open WebUI: folded thinking becomes thinking', async () => {
  const content =
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n&gt; So\n&gt; 1 &lt; 2\n</details>\nYes.';
  const chat = await one([
    {
      chat: {
        title: 'T',
        history: { currentId: 'a', messages: { a: { id: 'a', parentId: null, role: 'assistant', content } } },
      },
    },
  ]);
  expect(chat.messages[0]!.text).toMatch(/^<think>\n[\s\S]*So[\s\S]*1 < 2\n<\/think>\n\nYes\.$/);
});

test('LM Studio: blocks of thinking and files', async () => {
  const chat = await one({
    name: 'T',
    systemPrompt: '',
    perChatPredictionConfig: { fields: [{ key: 'llm.prediction.temperature', value: 1 }] },
    messages: [
      {
        versions: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi' },
              { type: 'file', fileType: 'image', fileIdentifier: 'x' },
            ],
          },
        ],
        currentlySelected: 0,
      },
      {
        versions: [
          {
            role: 'assistant',
            steps: [
              { type: 'contentBlock', style: { type: 'thinking' }, content: [{ type: 'text', text: 'Hm' }] },
              {
                type: 'contentBlock',
                content: [{ type: 'toolCallRequest', name: 'look', parameters: { a: 1 } }],
              },
              { type: 'contentBlock', content: [{ type: 'text', text: 'Hello' }] },
            ],
          },
        ],
        currentlySelected: 7,
      },
    ],
  });
  expect(chat.messages[1]!.text).toBe('<think>\nHm\n</think>\n\n```look\n{\n  "a": 1\n}\n```\n\n\n\nHello');
  expect(chat.losses).toEqual({ pictures: 1, tools: 1, settings: 1 });
});

test('SillyTavern: hidden messages, groups, thoughts', async () => {
  const lines = [
    { user_name: 'Ana', character_name: 'unused', chat_metadata: { note_prompt: 'Be kind' } },
    { name: 'Bob', is_user: false, mes: 'Hi', extra: { reasoning: 'Greet' } },
    { name: 'Cleo', is_user: false, is_system: true, mes: 'Hush' },
  ];
  const { chats } = await read(
    Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')),
    'Our group',
  );
  expect(chats[0]).toMatchObject({ title: 'Our group', losses: { hidden: 1, notes: 1 } });
  expect(chats[0]!.messages).toMatchObject([
    { role: 'assistant', text: '<think>\nGreet\n</think>\n\nHi', inclusion: 'auto' },
    { role: 'assistant', text: 'Hush', inclusion: 'left-out' },
  ]);
});

test('SillyTavern: a name that is none, files with and without their text', async () => {
  const lines = [
    { user_name: 'unused', character_name: 'unused', chat_metadata: {} },
    { name: 'Ana', is_user: true, mes: 'Look', extra: { file: { name: 'a.txt', size: 3, text: 'one' } } },
    {
      name: 'Bob',
      is_user: false,
      mes: 'Two',
      swipe_id: 0,
      swipes: ['Two', 'Three'],
      extra: { files: [{ url: '/x' }] },
    },
  ];
  const { chats } = await read(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), 'File');
  expect(chats[0]).toMatchObject({ title: 'Bob', losses: { files: 1 }, leaf: 1 });
  expect(chats[0]!.messages[0]!.attachments).toMatchObject([{ name: 'a.txt', text: 'one' }]);
});

describe('KoboldCpp', () => {
  const story = (more: object) => ({ gamestarted: true, prompt: 'Once.', memory: '', actions: [], ...more });

  test('a story is one text', async () => {
    const chat = await one(
      story({
        actions: [' Upon', ' a time[<|d|img|d|>]'],
        worldinfo: [{ key: 'x' }],
        savedsettings: { opmode: 1 },
      }),
    );
    expect(shown(chat)).toEqual(['assistant: Once. Upon a time']);
    expect(chat.losses).toEqual({ pictures: 1, notes: 1 });
  });

  test('a chat is cut by its names', async () => {
    const chat = await one(
      story({
        actions: ['\nAna: Hi: you\nBob: Hello\nCleo: Hey'],
        savedsettings: { opmode: 3, chatname: 'Ana', chatopponent: 'Bob||$||Cleo' },
      }),
    );
    expect(shown(chat)).toEqual([
      'assistant: Once.',
      'user: Hi: you',
      'assistant: Bob: Hello',
      'assistant: Cleo: Hey',
    ]);
  });

  test('instructions are cut by the tags of its settings', async () => {
    const settings = {
      opmode: 4,
      instruct_starttag: '\\n### Instruction:\\n',
      instruct_endtag: '\\n### Response:\\n',
    };
    const chat = await one(
      story({
        prompt: '',
        actions: ['\n### Instruction:\nHi\n### Response:\nHello'],
        savedsettings: settings,
      }),
    );
    expect(shown(chat)).toEqual(['user: Hi', 'assistant: Hello']);
  });
});

test('OpenAI: a bare list of messages is one chat, and uses of tools one reply', async () => {
  const chat = await one([
    { role: 'system', content: said.system },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: null, tool_calls: [{ function: { name: 'look', arguments: '{}' } }] },
    { role: 'tool', content: 'found' },
    { role: 'assistant', content: 'Hello' },
    { role: 'system', content: 'Now in French.' },
  ]);
  expect(chat.level.systemPrompt).toBe(said.system);
  expect(shown(chat)).toEqual([
    'user: Hi',
    'assistant: ```look\n{}\n```\n\n```result\nfound\n```\n\nHello',
    'user: Now in French.',
  ]);
  expect(chat.losses).toEqual({ tools: 1, systemMessages: 1 });
});

describe('GPT4All', () => {
  const chat = {
    title: 'Squares',
    model: 'Llama',
    createdSeconds: startMs / 1000,
    items: [
      { label: 'Prompt: ', text: said.question, attachment: { name: 'a b.txt', text: 'note' } },
      { label: 'Response: ', text: said.answer, thinking: 'Hm' },
    ],
  } as const;

  test.each(Array.from({ length: 12 }, (_, at) => at + 1))('version %i', async (version) => {
    const { chats, failures, format } = await read(gpt4allChat(version, chat));
    expect(format).toBe('gpt4all');
    expect(failures).toEqual([]);
    const [found] = chats;
    expect(found).toMatchObject({ title: 'Squares', createdAt: startMs, losses: {} });
    const thought = version >= 12 ? '<think>\nHm\n</think>\n\n' : '';
    expect(shown(found!)).toEqual([`user: ${said.question}`, `assistant: ${thought}${said.answer}`]);
    expect(found!.messages[1]!.model).toBe('Llama');
    expect(found!.messages[0]!.attachments).toMatchObject(
      version >= 10 ? [{ name: 'a b.txt', text: 'note' }] : [],
    );
  });

  test('cut off anywhere, it says so', async () => {
    const bytes = gpt4allChat(12, chat);
    for (let length = 8; length < bytes.length; length += 5) {
      await expect(read(bytes.subarray(0, length))).rejects.toThrow('ends in the middle');
    }
  });

  test('of a later version, it says so', async () => {
    const bytes = gpt4allChat(12, chat);
    bytes.writeInt32BE(13, 4);
    await expect(read(bytes)).rejects.toThrow('saved by a newer GPT4All');
  });
});
