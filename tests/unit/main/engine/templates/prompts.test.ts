/** Prompts byte for byte: what each family was trained on, and the same by Jinja where a family has one. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { families, familyTemplate } from '../../../../../main/engine/templates/family-template.js';
import { ownTemplate } from '../../../../../main/engine/templates/own-template.js';
import { joined, type PromptTemplate } from '../../../../../main/engine/templates/template.js';
import type { PromptMessage } from '../../../../../preload/contract/engine.js';
import { chatml, llama2, llama3, smollm2, zephyr } from '../../../../fixtures/chat-templates.js';
import { conversations, type Conversation } from '../../../../fixtures/conversations.js';
import prompts from '../../../../fixtures/prompts.json' with { type: 'json' };

const golden: Readonly<Record<string, Readonly<Record<Conversation, string>>>> = prompts;
const names = Object.keys(conversations) as Conversation[];
const text = (template: PromptTemplate, messages: readonly PromptMessage[]) =>
  joined(template.render(messages));

// Llama 3 writes the day.
beforeAll(() => void vi.useFakeTimers({ now: new Date(2024, 6, 26) }));
afterAll(() => void vi.useRealTimers());

test('every family has its prompts written down', () => {
  expect(Object.keys(golden)).toEqual(families.map(({ id }) => id));
});

describe.each(families.map(({ id }) => id))('%s', (id) => {
  test.each(names)('%s', (name) => {
    expect(text(familyTemplate(id), conversations[name])).toBe(golden[id]![name]);
  });
});

const llama = { bosText: '<s>', eosText: '</s>' };
/** BOS of SmolLM2 is the mark that begins every turn. */
const im = { bosText: '<|im_start|>', eosText: '<|im_end|>' };
const llama3Marks = { bosText: '<|begin_of_text|>', eosText: '<|eot_id|>' };
const withBos = (bos: string) => (prompt: string) => bos + prompt;
const same = (prompt: string) => prompt;

describe.each([
  ['chatml-smollm2', smollm2, im, same],
  ['chatml', chatml, llama, same],
  ['llama3.2', llama3, llama3Marks, withBos('<|begin_of_text|>')],
  ['tinyllama-zephyr', zephyr, llama, same],
] as const)('Jinja of %s', (id, source, marks, expected) => {
  test.each(names)('%s', (name) => {
    expect(text(ownTemplate(source, marks), conversations[name])).toBe(expected(golden[id]![name]));
  });
});

// Without a system prompt the Jinja of Llama 2 writes none, where the family's authors wrote a default one.
test.each(names.filter((name) => name.endsWith('with system')))('Jinja of llama2-chat: %s', (name) => {
  expect(text(ownTemplate(llama2, llama), conversations[name])).toBe(`<s>${golden['llama2-chat']![name]}`);
});

test('Alpaca has other words for a question with an input', () => {
  const question = 'Add up.\n\n### Input:\n1 2 3';
  expect(text(familyTemplate('alpaca'), [{ role: 'user', text: question }])).toBe(
    'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nAdd up.\n\n### Input:\n1 2 3\n\n### Response:',
  );
});

test('a reply without words yet is one to start, not one that began with a space', () => {
  const begun: PromptMessage[] = [...conversations['one turn'], { role: 'assistant', text: '' }];
  expect(text(familyTemplate('vicuna-v1.1'), begun)).toBe(golden['vicuna-v1.1']!['one turn']);
  expect(text(ownTemplate(smollm2, llama), begun)).toBe(golden['chatml-smollm2']!['one turn']);
});

describe('messages of one side in a row', () => {
  const rest = conversations['three turns'].slice(2);
  const turn = (role: 'user' | 'assistant', words: string): PromptMessage => ({ role, text: words });
  const row = [
    ...[turn('user', 'Hel'), turn('user', 'lo!'), turn('assistant', 'Hi.'), turn('assistant', 'Say it.')],
    ...rest,
  ];
  const paragraphs = [turn('user', 'Hel\n\nlo!'), turn('assistant', 'Hi.\n\nSay it.'), ...rest];

  test.each(families.map(({ id }) => id))('are one turn in %s', (id) => {
    expect(text(familyTemplate(id), row)).toBe(text(familyTemplate(id), paragraphs));
  });

  test('are one turn in Jinja, also where it refuses two', () => {
    const own = ownTemplate(llama2, llama);
    expect(text(own, row)).toBe(text(own, paragraphs));
    expect(text(own, row)).toContain('Hel\n\nlo! [/INST] Hi.\n\nSay it. </s>');
  });

  test('go on where the last of them ends', () => {
    const open = text(familyTemplate('vicuna-v1.1'), row.slice(0, 4));
    expect(open.endsWith('ASSISTANT: Hi.\n\nSay it.')).toBe(true);
  });
});

describe('a message that the model writes as the user', () => {
  const before = conversations['three turns'].slice(0, 4);
  const asUser = (start: string): PromptMessage[] => [...before, { role: 'user', text: start, isOpen: true }];

  test.each([
    ['alpaca', 'Blue.\n\n### Instruction:\n', '### Response:'],
    ['vicuna-v0', 'Blue.\n### Human:', '### Assistant:'],
    ['vicuna-v1.1', 'Blue.</s>USER:', 'ASSISTANT:'],
    ['koala', 'Blue.</s>USER:', 'GPT:'],
    ['oasst-llama', 'Blue.</s><|prompter|>', '<|assistant|>'],
    ['chatml', 'Blue.<|im_end|>\n<|im_start|>user\n', '<|im_end|>'],
    ['tinyllama-zephyr', 'Blue.</s>\n<|user|>\n', '<|assistant|>'],
    ['llama3.2', 'Blue.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n', '<|eot_id|>'],
    ['llama2-chat', 'Blue. </s><s>[INST]', '[/INST]'],
  ])('%s: its turn is open, and ends where a reply would begin', (id, end, stop) => {
    const template = familyTemplate(id);
    expect(text(template, asUser('')).endsWith(end)).toBe(true);
    const begun = text(template, asUser('Another'));
    expect(begun.startsWith(text(template, asUser('')))).toBe(true);
    expect(begun.endsWith('Another')).toBe(true);
    expect(template.userStops).toEqual(expect.arrayContaining([stop, ...template.stops]));
  });

  test.each([
    [smollm2, im, 'chatml-smollm2'],
    [zephyr, llama, 'tinyllama-zephyr'],
    [llama2, llama, 'llama2-chat'],
  ] as const)('of Jinja, as its family has it', (source, marks, id) => {
    const own = ownTemplate(source, marks);
    for (const start of ['', 'Another']) {
      const messages: PromptMessage[] = [{ role: 'system', text: 'Be brief.' }, ...asUser(start)];
      const prompt = text(own, messages).replace(/^<s>/, '');
      expect(prompt).toBe(text(familyTemplate(id), messages).replace(/^<s>/, ''));
    }
    expect(own.userStops.some((stop) => familyTemplate(id).userStops.includes(stop))).toBe(true);
  });

  test('can be the first one, and goes on with one that nobody answered', () => {
    const first: PromptMessage[] = [{ role: 'user', text: '', isOpen: true }];
    expect(text(familyTemplate('koala'), first)).toBe('BEGINNING OF CONVERSATION: USER:');
    const own = ownTemplate(smollm2, im);
    expect(text(own, [{ role: 'user', text: 'Hello!' }, ...first]).endsWith('user\nHello!')).toBe(true);
  });
});

test('templates that trim get trimmed texts; the end of an open reply stays', () => {
  const messages: PromptMessage[] = [
    { role: 'user', text: ' Hello!\n' },
    { role: 'assistant', text: ' Sure ' },
  ];
  const expected = golden['llama3.2']!['prefill'] + ' ';
  expect(text(familyTemplate('llama3.2'), messages)).toBe(expected);
  const own = ownTemplate(llama3, llama3Marks);
  expect(text(own, messages)).toBe(`<|begin_of_text|>${expected}`);
});

describe('the head of a user turn is a stop in every template that has one', () => {
  test.each([
    ['alpaca', '### Instruction:'],
    ['vicuna-v0', '### Human:'],
    ['vicuna-v1.1', 'USER:'],
    ['koala', 'USER:'],
    ['oasst-llama', '<|prompter|>'],
    ['oasst-llama2-orca', '<|prompter|>'],
    ['chatml', '<|im_start|>user'],
    ['chatml-smollm2', '<|im_start|>user'],
    ['tinyllama-zephyr', '<|user|>'],
    ['llama3.2', '<|start_header_id|>user<|end_header_id|>'],
    ['llama2-chat', '[INST]'],
  ])('%s', (id, head) => {
    const template = familyTemplate(id);
    expect(template.userHead).toBe(head);
    expect(template.stops).toContain(head);
  });

  test.each([
    [smollm2, im, '<|im_start|>user', '<|im_end|>\n'],
    [chatml, llama, '<|im_start|>user', '<|im_end|>\n'],
    [llama3, llama3Marks, '<|start_header_id|>user<|end_header_id|>', '<|eot_id|>'],
    [llama2, llama, '[INST]', ' </s>'],
    [zephyr, llama, '<|user|>', '</s>\n'],
  ])('of Jinja', (source, marks, head, end) => {
    const template = ownTemplate(source, marks);
    expect([template.userHead, template.replyEnd]).toEqual([head, end]);
    expect(template.stops).toContain(head);
  });

  test('only plain continuation and WizardLM 7B have none', () => {
    const without = families.filter(({ id }) => familyTemplate(id).userHead === '').map(({ id }) => id);
    expect(without).toEqual(['llama-base', 'wizardlm-7b']);
  });
});
