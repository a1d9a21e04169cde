/** Files of instruction templates as text-generation-webui reads and writes them. */
import { expect, test } from 'vitest';
import { writtenTemplate } from '../../../../main/engine/templates/written-template.js';
import { joined } from '../../../../main/engine/templates/template.js';
import { readTemplateYaml, writeTemplateYaml } from '../../../../main/workshop/template-yaml.js';

const marks = { bosText: '<s>', eosText: '</s>' };
const turns = [
  { role: 'user' as const, text: 'Hi' },
  { role: 'assistant' as const, text: 'Hello.' },
  { role: 'user' as const, text: 'So?' },
];

test('Jinja goes out and comes in as it was, whatever is in it', () => {
  for (const jinja of ['{{- "a" -}}\n\n  {% if x %}  \n', ' x: "y" # z\n', "{{ 'é\\n' }}"]) {
    expect(readTemplateYaml('x', writeTemplateYaml('jinja', jinja))).toEqual({ form: 'jinja', text: jinja });
  }
});

test('a file of 2023 becomes pieces that write what it meant', () => {
  const file = [
    'user: "USER:"',
    'bot: "ASSISTANT:"',
    'turn_template: "<|user|> <|user-message|>\\n<|bot|> <|bot-message|></s>\\n"',
    'context: "A chat.\\n\\n"',
  ].join('\n');
  const { form, text } = readTemplateYaml('Vicuna', file);
  const template = writtenTemplate({ id: 'a', name: 'a', form: form as 'parts', text }, marks);
  expect(joined(template.render(turns))).toBe(
    'A chat.\n\nUSER: Hi\nASSISTANT: Hello.</s>\nUSER: So?\nASSISTANT:',
  );
  expect(template.stops).toContain('USER:');
  const withSystem = file.replace('A chat.', '<|system-message|>') + '\nsystem_message: Be kind.\n';
  const other = readTemplateYaml('Vicuna', withSystem);
  const asked = writtenTemplate({ id: 'a', name: 'a', form: 'parts', text: other.text }, marks);
  expect(joined(asked.render(turns))).toMatch(/^Be kind.\n\nUSER/);
});

test.each([
  ['no YAML', 'a: [1'],
  ['none of a template’s keys', 'temperature: 1\n'],
  ['a list', '- a\n- b\n'],
  ['another kind of value', 'instruction_template: {a: b}\n'],
  ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\ninstruction_template: *b\n'],
])('%s is refused', (_what, text) => {
  expect(() => readTemplateYaml('x', text)).toThrow('is no instruction template');
});
