import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nameCallsFor } from '../../../../../main/engine/templates/guess.js';
import { families } from '../../../../../main/engine/templates/family-template.js';
import { qualityOf } from '../../../../../main/models/hub/quantizations.js';
import { shippedRows } from '../../../../../main/models/catalogue/shipped.js';
import { catalogueFamilies } from '../../../../../preload/contract/catalogue-families.js';
import {
  catalogueModelSchema,
  historySchema,
  type CatalogueModel,
} from '../../../../../preload/contract/catalogue.js';
import history from '../../../../../resources/catalog/history.json';
import presets from '../../../../../resources/presets/presets.json';

const models = shippedRows.map(({ model }) => catalogueModelSchema.strict().parse(JSON.parse(model)));
const model = (id: string): CatalogueModel => {
  const found = models.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no model ${id}`);
  return found;
};
const filesOf = ({ repositories }: CatalogueModel) => repositories.flatMap(({ files }) => files);
const figure = (id: string, test: string) => model(id).results.find((one) => one.test === test)?.value;

describe('the models', () => {
  test('every file of the folder is part of it, with 36 models of all families, each once', () => {
    const folder = new URL('../../../../../resources/catalog/models/', import.meta.url);
    const written = readdirSync(folder).flatMap(
      (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { id: string }[],
    );
    expect(written.map(({ id }) => id).sort()).toEqual(models.map(({ id }) => id).sort());
    expect(new Set(models.map(({ id }) => id)).size).toBe(36);
    expect(new Set(models.map(({ name }) => name)).size).toBe(36);
    expect([...new Set(models.map(({ family }) => family))]).toEqual([...catalogueFamilies]);
  });

  test.each(models.map((one) => [one.id, one] as const))('%s refers to what there is', (_id, one) => {
    expect(families.map(({ id }) => id)).toContain(one.template);
    for (const name of one.presets) expect(presets.map((preset) => preset.name)).toContain(name);
    // What looks like an id is one; other bases have names with capitals.
    if (one.base !== null && one.base === one.base.toLowerCase())
      expect(models.map(({ id }) => id)).toContain(one.base);
    expect(one.withoutGguf === null).toBe(one.repositories.length > 0);
    expect(one.original.form === 'none').toBe(one.released === null);
    const names = one.repositories.map(({ repository }) => repository);
    expect(new Set(names).size).toBe(names.length);
    for (const { files } of one.repositories)
      expect(new Set(files.map(({ fileName }) => fileName)).size).toBe(files.length);
  });

  test.each(models.map((one) => [one.id, one] as const))(
    'the parameters of %s follow from its shape',
    (_id, { architecture: shape, parameters }) => {
      const { layers, heads, kvHeads, headSize, width, feedForward, tiedEmbeddings } = shape;
      const attention = 2 * width * heads * headSize + 2 * width * kvHeads * headSize;
      const perLayer = attention + 3 * width * feedForward + 2 * width;
      const tables = (tiedEmbeddings ? 1 : 2) * (shape.vocabulary ?? 32_000) * width;
      expect(layers * perLayer + tables + width).toBe(parameters);
    },
  );

  test('a file is as large as its quantisation makes a model of that size', () => {
    const bits: Readonly<Record<string, readonly [number, number]>> = {
      2: [2.5, 4.2],
      3: [3, 5],
      4: [4.2, 6.5],
      5: [5.3, 7],
      6: [6.5, 8],
      8: [8.4, 9],
      F: [16, 33],
      B: [16, 33],
    };
    for (const one of models) {
      for (const { fileName, quantization, sizeBytes } of filesOf(one)) {
        const [least, most] = bits[/[2-8FB]/.exec(quantization)?.[0] ?? ''] ?? [0, 0];
        // K-quants have blocks of 256 weights: rows of other lengths are kept in larger types.
        const excess = one.architecture.width % 256 === 0 ? 1 : 1.3;
        const perWeight = (sizeBytes * 8) / one.parameters;
        expect(perWeight, fileName).toBeGreaterThan(least);
        expect(perWeight, fileName).toBeLessThan(most * excess);
      }
    }
  });

  test('files of one name have one hash within a repository, and hashes name one size', () => {
    const sizes = new Map<string, number>();
    for (const { sha256, sizeBytes } of models.flatMap(filesOf)) {
      if (sha256 === null) continue;
      expect(Math.abs((sizes.get(sha256) ?? sizeBytes) / sizeBytes - 1)).toBeLessThan(0.01);
      sizes.set(sha256, sizeBytes);
    }
    expect(sizes.size).toBeGreaterThanOrEqual(70);
  });

  test('the name of each file calls for the template that the catalogue gives', () => {
    for (const one of models.filter(({ kind }) => kind !== 'base')) {
      for (const { fileName } of filesOf(one))
        expect(nameCallsFor(fileName)?.id, fileName).toBe(one.template);
    }
  });
});

test('of each quantisation it is known how good it is', () => {
  for (const { fileName, quantization } of models.flatMap(filesOf))
    expect(qualityOf(quantization), fileName).not.toBeNull();
});

describe('what is often told otherwise', () => {
  test('the training mix of LLaMA adds up, with 2.5 % of ArXiv', () => {
    const mix = historySchema.strict().parse(history).trainingMix;
    expect(mix.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
    expect(mix.find(({ source }) => source === 'ArXiv')?.percent).toBe(2.5);
    expect(model('llama-7b').training).toMatch(/ArXiv 2\.5\s%/);
    expect(mix.find(({ source }) => source === 'CommonCrawl')?.note).toMatch(/classifier.*resemble/);
    expect(mix.find(({ source }) => source === 'C4')?.note).toMatch(/filters of its own/);
  });

  test('only the two large LLaMAs saw 1.4 trillion tokens', () => {
    const tokens = ['llama-7b', 'llama-13b', 'llama-30b', 'llama-65b'].map(
      (id) => /^([\d.]+) trillion/.exec(model(id).training)?.[1],
    );
    expect(tokens).toEqual(['1.0', '1.0', '1.4', '1.4']);
  });

  test('WizardLM is spelt so and has three sizes', () => {
    expect(JSON.stringify(models)).not.toMatch(/WizardML/);
    const sizes = models
      .filter(({ family }) => family === 'WizardLM')
      .map(({ name }) => /\d+B/.exec(name)?.[0]);
    expect(new Set(sizes)).toEqual(new Set(['7B', '13B', '30B']));
  });

  test('Koala saw about 160,000 examples of Anthropic HH', () => {
    for (const id of ['koala-7b', 'koala-13b'])
      expect(model(id).training).toContain('Anthropic HH about 160,000');
  });

  test('OpenAssistant on LLaMA came as XOR files of the 30B alone', () => {
    const onLlama = models.filter(
      ({ family, base }) => family === 'OpenAssistant' && base?.startsWith('llama-'),
    );
    expect(onLlama.filter(({ released }) => released !== null).map(({ original }) => original.form)).toEqual([
      ...['xor', 'xor', 'xor'],
    ]);
    expect(model('oasst-sft-llama-13b').released).toBeNull();
  });

  test('GPT4-x-Alpaca was made of Alpaca, and Vicuna has a 33B', () => {
    expect(model('gpt4-x-alpaca-13b').base).toBe('alpaca-13b');
    expect(model('vicuna-33b-v1.3').parameters).toBe(32_528_943_616);
  });

  test('the figures are those that were published', () => {
    expect(['7b', '13b', '30b', '65b'].map((size) => figure(`llama-${size}`, 'MMLU'))).toEqual([
      ...[35.1, 46.9, 57.8, 63.4],
    ]);
    expect(figure('vicuna-33b-v1.3', 'MT-bench')).toBe(7.12);
    expect(figure('alpaca-13b', 'Arena Elo')).toBe(930);
    expect(figure('gpt4-x-alpaca-13b', 'TruthfulQA')).toBe(48.88);
  });
});
