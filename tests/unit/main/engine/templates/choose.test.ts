import { describe, expect, test } from 'vitest';
import {
  chooseTemplate,
  listTemplates,
  type ModelTraits,
} from '../../../../../main/engine/templates/choose.js';
import { modelTraits } from '../../../../../main/engine/templates/traits.js';
import { chatml, llama2, llama3, smollm2, zephyr } from '../../../../fixtures/chat-templates.js';

const vocabulary = (...marks: readonly string[]) => {
  const known = new Set(['<s>', '</s>', ...marks]);
  return (text: string) => known.has(text);
};
const traits: ModelTraits = {
  chatTemplate: null,
  names: [],
  fileName: '',
  bosText: '<s>',
  eosText: '</s>',
  hasToken: vocabulary(),
};
const imMarks = { bosText: '<|im_start|>', hasToken: vocabulary('<|im_start|>', '<|im_end|>') };

describe('the template in the file', () => {
  test.each([
    ['ChatML of SmolLM2', smollm2, imMarks],
    ['ChatML', chatml, imMarks],
    [
      'Llama 3',
      llama3,
      {
        bosText: '<|begin_of_text|>',
        hasToken: vocabulary('<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'),
      },
    ],
    ['Llama 2 Chat', llama2, {}],
    ['Zephyr (TinyLlama)', zephyr, {}],
  ])('is used and known for what it is: %s', (label, chatTemplate, more) => {
    const { template, reason, warning, family } = chooseTemplate({ ...traits, ...more, chatTemplate }, null);
    expect(template.choice.id).toBe('model');
    expect(family?.label).toBe(label);
    expect(reason).toBe(`The model file carries this template. It has the ${label} form.`);
    expect(warning).toBeNull();
  });

  test('of no known form is used all the same', () => {
    const chatTemplate =
      '{% for turn in messages %}<{{ turn.role }}>{{ turn.content }}{% endfor %}<assistant>';
    const { template, family, reason } = chooseTemplate({ ...traits, chatTemplate }, null);
    expect([template.choice.id, family, reason]).toEqual([
      'model',
      null,
      'The model file carries this template.',
    ]);
  });

  test('gives way when it can’t be read', () => {
    const { template, reason } = chooseTemplate(
      { ...traits, chatTemplate: '{% if %}', fileName: 'koala-7B' },
      null,
    );
    expect(template.choice.id).toBe('koala');
    expect(reason).toMatch(/^The template in the model file can’t be used: .*\. The file name says Koala\.$/);
  });

  test('gives way to the family of 2023 that the file names when a converter left another form', () => {
    const { template, reason } = chooseTemplate(
      { ...traits, chatTemplate: llama2, fileName: 'koala-7B' },
      null,
    );
    expect(template.choice.id).toBe('koala');
    expect(reason).toBe(
      'The file name says Koala. The file carries the Llama 2 Chat form, which programs that convert models put into files of that time.',
    );
  });

  test('stays where the vocabulary has its marks, whatever the name says', () => {
    const model = { ...traits, ...imMarks, chatTemplate: chatml, fileName: 'alpaca-13b-chatml' };
    expect(chooseTemplate(model, null).template.choice.id).toBe('model');
  });

  test('warns when its marks are no tokens of the model', () => {
    const { warning } = chooseTemplate({ ...traits, chatTemplate: chatml, fileName: 'llama-7b' }, null);
    expect(warning).toContain('no special token for <|im_start|>, <|im_end|>: it reads them as plain text');
  });
});

describe('a file without a template', () => {
  const metadata = (entries: Record<string, string>, fileName: string, hasToken = vocabulary()) =>
    modelTraits({ metadata: new Map(Object.entries(entries)) }, fileName, { ...traits, hasToken });
  const chosen = (model: ModelTraits) => {
    const { template, reason } = chooseTemplate(model, null);
    return [template.choice.id, reason];
  };

  test('is known by its metadata before its name', () => {
    expect(chosen(metadata({ 'general.name': 'Vicuna 7B v1.5' }, 'koala'))).toEqual([
      'vicuna-v1.1',
      'The name in the file says Vicuna.',
    ]);
    expect(chosen(metadata({ 'general.name': 'x', 'general.finetune': 'alpaca-lora' }, ''))[1]).toBe(
      'The fine-tune named in the file says Alpaca.',
    );
    expect(chosen(metadata({ 'general.base_model.0.name': 'Koala 13B HF' }, 'merged'))[1]).toBe(
      'The model that it was made from says Koala.',
    );
  });

  test('is known by the marks in its vocabulary', () => {
    expect(chosen(metadata({}, 'koala', vocabulary('<|im_start|>', '<|im_end|>')))).toEqual([
      'chatml',
      'The vocabulary of the model has <|im_start|>, a mark of ChatML.',
    ]);
    expect(chosen(metadata({}, '', vocabulary('<|prompter|>')))[0]).toBe('oasst-llama');
  });

  test('of which nothing is known continues text', () => {
    const [id, reason] = chosen(metadata({ 'general.name': 'LLaMA' }, 'llama-7b.Q4_0'));
    expect(id).toBe('llama-base');
    expect(reason).toContain('Choose a template by hand');
  });

  test.each([
    ['koala-13B-HF.Q4_K_M', 'koala'],
    ['gpt4-x-alpaca-13b', 'alpaca'],
    ['wizardLM-7B.Q4_K_M', 'wizardlm-7b'],
    ['wizardlm-13b-v1.2.Q4_0', 'vicuna-v1.1'],
    ['WizardLM-30B.Q4_0', 'vicuna-v1.1'],
    ['vicuna-7b-v1.5.Q4_K_M', 'vicuna-v1.1'],
    ['vicuna-7b-1.1.ggmlv3.q4_0', 'vicuna-v1.1'],
    ['vicuna-13b-v0', 'vicuna-v0'],
    ['vicuna-13b-delta-v0.Q4_0', 'vicuna-v0'],
    ['oasst-sft-7-llama-30b', 'oasst-llama'],
    ['openassistant-llama2-13b-orca-8k-3319', 'oasst-llama2-orca'],
    ['codellama-13b-oasst-sft-v10', 'chatml'],
    ['tinyllama-1.1b-chat-v1.0.Q4_K_M', 'tinyllama-zephyr'],
    ['Llama 3.2 1B Instruct', 'llama3.2'],
    ['Llama-2-7B-Chat', 'llama2-chat'],
    ['SmolLM2-135M-Instruct-Q4_1', 'chatml-smollm2'],
    ['llama-7b.Q4_0', 'llama-base'],
  ])('%s calls for %s', (fileName, id) => {
    expect(chooseTemplate({ ...traits, fileName }, null).template.choice.id).toBe(id);
  });
});

test('what was chosen by hand stands above all', () => {
  const model = { ...traits, chatTemplate: smollm2, fileName: 'koala' };
  const { template, reason } = chooseTemplate(model, 'vicuna-v0');
  expect([template.choice.id, reason]).toEqual(['vicuna-v0', 'You chose it for this model.']);
  expect(chooseTemplate(model, 'model').template.choice.id).toBe('model');
  expect(listTemplates().map(({ id }) => id)).toContain('vicuna-v0');
  const unusable = { ...model, chatTemplate: '{% if %}' };
  expect(chooseTemplate(unusable, 'model').template.choice.id).toBe('koala');
  expect(() => chooseTemplate(model, 'nonesuch')).toThrow('There is no prompt template named nonesuch.');
});
