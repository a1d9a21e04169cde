/** Grammars from JSON schemas: llama.cpp takes the JSON that fits and no other. */
import { getLlama, type Llama } from 'node-llama-cpp';
import { beforeAll, expect, test } from 'vitest';
import { gbnfProblem } from '../../../../preload/contract/gbnf.js';
import { jsonSchemaGrammar, jsonSchemaProblem } from '../../../../preload/contract/json-schema.js';

let llama: Llama;
beforeAll(async () => {
  llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logger: () => undefined,
  });
});

async function accepts(schema: unknown, text: string): Promise<boolean> {
  const grammar = jsonSchemaGrammar(JSON.stringify(schema));
  expect(gbnfProblem(grammar)).toBeNull();
  const made = await llama.createGrammar({ grammar });
  // The library's own check of a whole text; not part of its public types.
  const check: unknown = Reflect.get(made, '_testText');
  if (typeof check !== 'function') throw new Error('the library has no _testText any more');
  return check.call(made, text) === true;
}

const person = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 1 }, age: { type: 'integer' }, tag: { const: 'a"b' } },
  required: ['age'],
};
const list = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
      required: ['next'],
    },
  },
};

test.each([
  [
    person,
    ['{"name": "Ada", "age": 36}', '{"age":-1}', '{ "age": 0, "tag": "a\\"b" }'],
    [
      '{}',
      '{"name": "", "age": 1}',
      '{"age": 1.5}',
      '{"age": 1, "more": 2}',
      '{"age": 1,}',
      '{"name":"A" "age":1}',
    ],
  ],
  [
    { properties: { a: { type: 'null' }, b: { type: 'boolean' } } },
    ['{}', '{"a": null}', '{"b": true}', '{"a": null, "b": false}'],
    ['{, "b": true}', '{"a": 1}'],
  ],
  [
    { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 3 },
    ['[1]', '[1, 2.5e3, -0.1]'],
    ['[]', '[1,2,3,4]', '[01]'],
  ],
  [
    { type: 'array', maxItems: 2, items: { enum: ['x', 3, null] } },
    ['[]', '["x"]', '[3, null]'],
    ['["y"]', '[3,3,3]'],
  ],
  [
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
    ['["a", 1]'],
    ['["a"]', '[1, "a"]'],
  ],
  [{ type: ['string', 'null'], maxLength: 3 }, ['null', '"abc"', '"\\n"'], ['"abcd"', '1']],
  [{ type: 'string', format: 'date-time' }, ['"2024-02-29T23:59:00Z"'], ['"2024-13-01T00:00:00Z"', '"now"']],
  [
    { oneOf: [{ type: 'integer' }, { type: 'object', additionalProperties: { type: 'integer' } }] },
    ['3', '{"any": 4}', '{}'],
    ['"3"', '{"any": "4"}'],
  ],
  [list, ['{"next": null}', '{"next": {"next": null}}'], ['{"next": 1}', '{}']],
  [true, ['{"a": [1, "x", {"b": null}]}', '"text"', 'false'], ['{a: 1}', 'undefined', '[1,]']],
  [{}, ['[]', '{ }'], ['']],
])('%j', async (schema, good, bad) => {
  for (const text of good) expect([text, await accepts(schema, text)]).toEqual([text, true]);
  for (const text of bad) expect([text, await accepts(schema, text)]).toEqual([text, false]);
});

test.each([
  ['{"type": "string", ', /not JSON/],
  ['[]', /must be an object/],
  ['{"type": "text"}', /“text” is no type of JSON/],
  ['{"type": "string", "pattern": "a+"}', /In the schema: “pattern” can’t be turned/],
  ['{"properties": {"n": {"type": "number", "minimum": 3}}}', /In “n”: “minimum”/],
  ['{"type": ["string", "null"], "pattern": "a"}', /“pattern”/],
  ['{"properties": {}, "required": ["x"]}', /“x” is required/],
  ['{"$ref": "#/$defs/none"}', /points to nothing/],
  ['{"$ref": "https://example.org/a.json"}', /outside this schema/],
  ['{"type": "string", "format": "email"}', /format “email”/],
  ['{"type": "array", "minItems": -1}', /whole number/],
  ['{"type": "string", "minLength": 3, "maxLength": 2}', /smaller/],
])('says what can’t be followed: %s', (schema, problem) => {
  expect(jsonSchemaProblem(schema)).toMatch(problem);
});

test('nothing is no schema, and no problem', () => expect(jsonSchemaProblem(' ')).toBeNull());
