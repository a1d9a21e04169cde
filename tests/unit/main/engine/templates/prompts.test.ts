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
