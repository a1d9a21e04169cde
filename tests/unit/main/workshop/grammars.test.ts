/** The grammars that come with the app: llama.cpp itself takes what each is for, and nothing else. */
import { getLlama, type Llama } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedItems } from '../../../../main/workshop/shipped.js';
import { jsonSchemaGrammar } from '../../../../preload/contract/json-schema.js';
import { textFormats } from '../../../../preload/contract/text-formats.js';

let llama: Llama;
beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false });
});
afterAll(() => llama.dispose());

const grammars = shippedItems.filter(({ form }) => form === 'gbnf' || form === 'json-schema');

/** A text that is of the form, and one that is not. */
const samples: Readonly<Record<string, readonly [good: string, bad: string]>> = {
  'Yes or no': ['Yes', 'Maybe'],
  'Yes, no or unsure, with a reason': ['No: They live in the Andes.', 'No, they do not.'],
  'One sentence': ['Llamas hum!', 'Llamas hum. They do.'],
  'Rating from 1 to 5': ['4/5: soft wool', '6/5: soft wool'],
  List: ['- wool\n- wind\n', '* wool\n'],
  'Numbered list': ['1. Shear.\n2. Spin.\n', '1) Shear.\n'],
  JSON: ['{"a": [1, -2.5e3, "\\u00e9"], "b": null}', '{"a": 1,}'],
  'JSON object on one line': ['{"a": {"b": "c"}}', '{"a":\n1}'],
  CSV: ['name,says\nllama,"hm, hm"\n', 'name,"open\n'],
  'Markdown table': ['| a | b |\n| --- | --- |\n| 1 | 2 |\n', '| a | b |\n| 1 | 2 |\n'],
  Arithmetic: ['(3 + 4) * 2 = 14', '3 + = 4'],
  'Chess moves': ['1. e4 e5\n2. Nf3 Nc6\n3. O-O exd4+', '1. e9 e5'],
  'Code like C': [
    'int sum(int a, int b) {\n  int c = a + b;\n  while (c > 10) {\n    c -= 1;\n  }\n  return c;\n}\n',
    'def sum(a, b):\n  return a + b\n',
  ],
  Roleplay: ['*hums* "Hello."\n\n"Goodbye." *leaves*', 'He hums.'],
  Date: ['2024-02-29', '2024-13-01'],
  'Plain letters': ['Hello, world!\n', 'Héllo'],
  Sentiment: ['{"sentiment": "positive", "confidence": "high", "reason": "Warm."}', '{"sentiment": "good"}'],
  Person: [
    '{"name": "Yma", "age": 7, "occupation": "singer", "traits": ["calm"]}',
    '{"name": "Yma", "age": "seven", "occupation": "singer", "traits": ["calm"]}',
  ],
  Recipe: [
    '{"title": "Soup", "servings": 2, "ingredients": [{"amount": "1 l", "name": "water"}], "steps": ["Boil."]}',
    '{"title": "Soup", "servings": 2, "ingredients": [], "steps": ["Boil."]}',
  ],
  'Flash cards': ['[{"question": "Wool?", "answer": "Yes."}]', '[]'],
  'To-do list': [
    '[{"task": "Shear", "priority": "high", "done": false}, {"task": "Spin", "priority": "low", "done": true}]',
    '[{"task": "Shear", "priority": "urgent", "done": false}]',
  ],
  'Names in a text': ['{"people": [], "places": ["Cusco"], "organisations": []}', '{"people": []}'],
};

test('each has a name of its own, a sentence, and a sample', () => {
  expect(grammars.map(({ name }) => name)).toEqual(Object.keys(samples));
  expect(grammars.every(({ does }) => does.endsWith('.'))).toBe(true);
});

test.each(grammars.map((grammar) => [grammar.name, grammar] as const))('%s', async (name, { form, text }) => {
  expect(textFormats[form === 'gbnf' ? 'gbnf' : 'json-schema'](text)).toBeNull();
  const made = await llama.createGrammar({ grammar: form === 'gbnf' ? text : jsonSchemaGrammar(text) });
  // The library's own check of a whole text; not part of its public types.
  const check: unknown = Reflect.get(made, '_testText');
  if (typeof check !== 'function') throw new Error('the library has no _testText any more');
  const [good, bad] = samples[name]!;
  expect(check.call(made, good), good).toBe(true);
  expect(check.call(made, bad), bad).toBe(false);
});
