/** What our check says of a grammar, and that llama.cpp agrees. */
import { getLlama, type Llama } from 'node-llama-cpp';
import { beforeAll, expect, test } from 'vitest';
import { gbnfProblem } from '../../../../preload/contract/gbnf.js';

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
const readByLlama = async (grammar: string) =>
  llama.createGrammar({ grammar }).then(
    () => true,
    () => false,
  );

test.each([
  'root ::= "a"',
  '# a comment\nroot ::= item+ # and another\nitem ::= [^\\n\\]a-z-] | "\\x41\\u00e4" | ("b" |\n  "c"){1,3} .\n',
  'root ::= a b*\r\na ::= "x"?\r\nb ::= a "y" {2} | "z"{0,}',
  'root ::= ( "a" |\n) "b"',
  'root ::= "(" root ")" | "x"',
  'a ::= "x" a | ""\nroot ::= a',
])('%j is a grammar', async (grammar) => {
  expect(gbnfProblem(grammar)).toBeNull();
  expect(await readByLlama(grammar)).toBe(true);
});

test.each([
  ['root ::= "a', /Line 1: expected the end of the string/],
  ['root ::= [a-z', /end of the set/],
  ['root = "a"', /Line 1: expected “::=” after “root”, but found “= "a"”/],
  ['root ::= a\n\nb ::= "x"', /Line 1: there is no rule named “a”/],
  ['a ::= "x"', /needs a rule named “root”/],
  ['root ::= ("a" | "b"', /Line 1: expected “\)”/],
  ['root ::= "a\\q"', /“\\q” is no known escape/],
  ['root ::= "a"{x}', /number of repetitions/],
  ['root ::= "a"{5000}', /more than 2000/],
  ['root ::= a\na ::= "x"? a "y"', /Line 2: the rule “a” begins with itself/],
  ['root ::= a\na ::= b\nb ::= a', /begins with itself/],
  ['root ::= "a" )', /new line/],
  ['root ::= * "a"', /new line/],
])('%j is none, and why', async (grammar, problem) => {
  expect(gbnfProblem(grammar)).toMatch(problem);
  expect(await readByLlama(grammar)).toBe(false);
});

test('nothing is no grammar, and no problem', () => expect(gbnfProblem(' \n')).toBeNull());
