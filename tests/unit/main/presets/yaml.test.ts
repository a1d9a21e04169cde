import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shippedPresets } from '../../../../main/presets/shipped.js';
import { mostPresetBytes, readPresetYaml, writePresetYaml } from '../../../../main/presets/yaml.js';
import { samplerStages } from '../../../../preload/contract/sampler-stages.js';

const read = (text: string) => readPresetYaml('file', text);

test.each(shippedPresets.map((preset) => [preset.name, preset.values] as const))(
  '%s comes back from its file as it was',
  (_name, values) => {
    expect(read(writePresetYaml(values))).toEqual({ values, problems: [] });
  },
);

test('any values come back from their file as they were', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.boolean(),
    fc.string(),
    fc.array(fc.string()),
  );
  const name = fc.stringMatching(/^x\w{0,30}$/);
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (values) => {
      expect(read(writePresetYaml(values))).toEqual({ values, problems: [] });
    }),
  );
});

test('a file of text-generation-webui, with an order and texts, is read; neutral values say nothing', () => {
  const text = [
    'do_sample: true',
    'temperature: 0.7',
    'top_p: 1.0',
    'penalty_alpha: 0.6',
    'dry_sequence_breakers: \'"\\n", ":"\'',
    'sampler_priority:',
    ...[...samplerStages].reverse().map((stage) => `- ${stage}`),
    '# Source: somewhere',
  ].join('\n');
  expect(read(text)).toEqual({
    values: {
      ...{ temperature: 0.7, penalty_alpha: 0.6, dry_sequence_breakers: '"\\n", ":"' },
      sampler_priority: [...samplerStages].reverse(),
    },
    problems: [],
  });
  expect(read('')).toEqual({ values: {}, problems: [] });
  expect(read('temperature: 1\n')).toEqual({ values: {}, problems: [] });
});

describe('bad files', () => {
  test('what a preset can’t hold is told by its name, and the rest is read', () => {
    const { values, problems } = read(
      'temperature: 0.5\ntop_k: {a: 1}\nmin_p: null\nlist: [1, [2]]\n? [a, b]\n: 1\n',
    );
    expect(values).toEqual({ temperature: 0.5 });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      ...['top_k', 'min_p', 'list', '["a","b"]'],
    ]);
  });

  test.each([
    ['- one\n- two\n', 'no list of names'],
    ['just words', 'no list of names'],
    ['a: [1, 2', 'no YAML'],
    ['temperature: 1\ntemperature: 2\n', 'no YAML'],
    ['\u0000\u0001', 'no'],
  ])('%j is refused', (text, hint) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining(hint) as string }) as Error,
    );
  });

  test('a file of absurd size, or with thousands of values, is refused before it costs anything', () => {
    expect(() => read('x'.repeat(mostPresetBytes + 1))).toThrow('is no preset');
    const many = Array.from({ length: 300 }, (_, index) => `p${index}: 1`).join('\n');
    expect(() => read(many)).toThrow('is no preset');
    expect(() => read(`a: ${'['.repeat(20_000)}`)).toThrow('is no preset');
  });

  test('a bomb of aliases does not go off', () => {
    const levels = 'abcdefgh'.split('').map((name, index, all) => {
      const before = all[index - 1];
      return `${name}: &${name} [${Array(9)
        .fill(before === undefined ? 'lol' : `*${before}`)
        .join(', ')}]`;
    });
    const { values, problems } = read(levels.join('\n'));
    expect(Object.keys(values)).toEqual(['a']);
    expect(problems).toHaveLength(7);
  });

  test('what looks like script or a class is text, and nothing is made of it', () => {
    const { values } = read(
      'a: "<img src=x onerror=alert(1)>"\n__proto__: {b: 1}\nc: !!js/function "function () {}"\nd: !!python/object x\n',
    );
    expect(values['a']).toBe('<img src=x onerror=alert(1)>');
    expect(Object.keys(values)).toEqual(['a', 'c', 'd']);
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
    expect(Object.values(values).every((value) => typeof value === 'string')).toBe(true);
  });
});
