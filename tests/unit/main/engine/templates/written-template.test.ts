/** Templates that users write: what they make, and what is said where something is wrong. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { families, familyTemplate } from '../../../../../main/engine/templates/family-template.js';
import { chooseTemplate, type ModelTraits } from '../../../../../main/engine/templates/choose.js';
import { previewTemplate } from '../../../../../main/engine/templates/preview.js';
import { joined } from '../../../../../main/engine/templates/template.js';
import { writtenTemplate } from '../../../../../main/engine/templates/written-template.js';
import { partsAsJinja } from '../../../../../main/workshop/parts-jinja.js';
import { readTemplateYaml, writeTemplateYaml } from '../../../../../main/workshop/template-yaml.js';
import { readParts, writeParts, type TemplateParts } from '../../../../../preload/contract/template-parts.js';
import { conversations } from '../../../../fixtures/conversations.js';

const marks = { bosText: '<s>', eosText: '</s>' };
const write = (form: 'parts' | 'jinja', text: string) => ({ id: 'mine', name: 'Mine', form, text });
const problemOf = (text: string, form: 'parts' | 'jinja' = 'jinja') => {
  const shown = previewTemplate(null, write(form, text));
  return shown.state === 'bad' ? shown.problem : null;
};

// Llama 3 writes the day.
beforeAll(() => void vi.useFakeTimers({ now: new Date(2024, 6, 26) }));
afterAll(() => void vi.useRealTimers());

describe.each(families.map((family) => [family.id, family] as const))('%s', (id, family) => {
  const parts = readParts(writeParts(family)) as TemplateParts;
  test.each(Object.entries(conversations))(
    'its pieces, and those in Jinja, write the same: %s',
    (_name, turns) => {
      const expected = joined(familyTemplate(id).render(turns));
      expect(joined(writtenTemplate(write('parts', writeParts(parts)), marks).render(turns))).toBe(expected);
      const exported = writeTemplateYaml('parts', writeParts(parts));
      const imported = readTemplateYaml('file', exported);
      expect(imported.form).toBe('jinja');
      const jinja = writtenTemplate(write('jinja', imported.text), marks);
      // Where a reply goes on, its trailing white space is the template's own affair.
      expect(joined(jinja.render(turns)).trimEnd()).toBe(expected.trimEnd());
      expect(imported.text).toBe(partsAsJinja(parts));
    },
  );
});

test.each([
  ['a tag that is not closed', 'Hello\n{{ messages\nand on', 2],
  ['a block that is not closed', 'one\n{% for m in messages %}\n{{ m.content }}\n', 2],
  ['a block that is closed twice', '{% if true %}\n{% endif %}\n{% endif %}', 3],
  ['a word that is none of Jinja’s', 'one\ntwo\n{% fro m in messages %}\nfour\nfive', 3],
  ['a loop without a list', '{{ 1 }}\n{% for m messages %}{% endfor %}\n{{ 2 }}', 2],
])('%s: its line is named', (_what, text, line) => {
  expect(problemOf(text)).toMatch(new RegExp(`^Line ${line}: `));
});

test('what fails only when it runs, never ends or is empty is said too, and harms nothing', () => {
  expect(problemOf('{{ messages | nosuchfilter }}')).toContain('nosuchfilter');
  expect(
    problemOf('{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'),
  ).toContain('does not come to an end');
  expect(problemOf(' ')).toBe('There is nothing in it yet.');
  expect(problemOf('x'.repeat(600_000))).toContain('too long');
  expect(problemOf('{"userPrefix": 1}', 'parts')).toBe('userPrefix must be a text.');
  expect(problemOf('nothing', 'parts')).toBe('This is no template of pieces.');
});

const model: ModelTraits = {
  ...{ ...marks, chatTemplate: null, names: [], fileName: 'vicuna-7b-v1.5', hasToken: () => false },
};

test('a model gets the user’s template; one that can’t be used gives way to what the file calls for, with the reason', () => {
  const good = chooseTemplate(model, 'mine', write('parts', writeParts(families[2]!)));
  expect(good).toMatchObject({ template: { choice: { id: 'mine', label: 'Mine' } } });
  const bad = chooseTemplate(model, 'mine', write('jinja', '{% if %}'));
  expect(bad.template.choice.id).toBe('vicuna-v1.1');
  expect(bad.reason).toMatch(/^Your template “Mine” can’t be used: Line 1: /);
});
