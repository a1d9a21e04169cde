/** Characters come back from their files as they were, and bad files are refused with a reason. */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  readCardFile,
  writeCardJson,
  writeCardPng,
  writeCardYaml,
} from '../../../../main/characters/card-file.js';
import { exampleCards } from '../../../../main/characters/examples.js';
import { plainPng, readPng, textChunk, writePng, type Chunk } from '../../../../main/characters/png.js';
import { cardSchema, type Card } from '../../../../preload/contract/characters.js';
import { AppError } from '../../../../preload/contract/errors.js';

const picture = plainPng(3, 2, [1, 2, 3]);
const read = (content: Uint8Array | string) =>
  readCardFile('file', typeof content === 'string' ? Buffer.from(content) : content);
const json = (value: unknown) => read(JSON.stringify(value));
const withChunk = (...added: Chunk[]) => {
  const chunks = readPng(picture);
  return writePng([...chunks.slice(0, -1), ...added, ...chunks.slice(-1)]);
};
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
/** What is said of a file that is refused. */
function refusal(content: Uint8Array | string): string {
  try {
    read(content);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    const { code, message, hint } = thrown as AppError;
    expect(code).toBe('bad-input');
    return `${message} ${hint}`;
  }
  throw new Error('it was taken');
}

const text = fc.string({ unit: 'grapheme' });
const unknownFields = fc
  .dictionary(fc.stringMatching(/^x_\w{0,10}$/), fc.jsonValue({ maxDepth: 3 }))
  // JSON has no -0.
  .map((fields) => JSON.parse(JSON.stringify(fields)) as Record<string, unknown>);
const entry = fc
  .record({
    keys: fc.array(text),
    content: text,
    enabled: fc.boolean(),
    insertion_order: fc.integer(),
    constant: fc.boolean(),
    extensions: unknownFields,
  })
  .chain((fields) => unknownFields.map((more) => ({ ...withoutNulls(more), ...fields })));
const cards: fc.Arbitrary<Card> = fc
  .record({
    name: text.filter((name) => name.trim() === name && name !== ''),
    description: text,
    first_mes: text,
    mes_example: text,
    alternate_greetings: fc.array(text),
    tags: fc.array(text),
    extensions: unknownFields,
    character_book: fc.record({ entries: fc.array(entry, { maxLength: 5 }), extensions: unknownFields }),
  })
  .chain((fields) => unknownFields.map((more) => cardSchema.parse({ ...withoutNulls(more), ...fields })));
function withoutNulls(fields: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

describe('what goes out comes in again', () => {
  test('any card as JSON, with every field that is not known', () => {
    fc.assert(
      fc.property(cards, unknownFields, (card, beside) => {
        expect(read(writeCardJson({ card, beside }, false).bytes)).toEqual({
          card,
          beside,
          problems: [],
          picture: null,
        });
      }),
    );
  });

  test('any card in a picture, and the picture too', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const { bytes } = writeCardPng({ card, beside: {} }, picture);
        const again = read(bytes);
        expect(again.card).toEqual(card);
        expect(Buffer.from(again.picture!.bytes)).toEqual(picture);
        // Written over, not added.
        expect(writeCardPng(again, again.picture!.bytes).bytes).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  test('name, greeting and context as YAML, with what text-generation-webui keeps beside them', () => {
    const fields = fc.record({
      name: text.filter((name) => name.trim() === name && name !== ''),
      greeting: text,
      context: text,
    });
    fc.assert(
      fc.property(fields, unknownFields, (known, more) => {
        const character = { ...known, ...withoutNulls(more) };
        const { card } = json(character);
        expect(parse(writeCardYaml({ card }, false).bytes.toString())).toEqual(character);
      }),
    );
  });

  test('the examples', () => {
    for (const card of exampleCards) {
      expect(read(writeCardPng({ card, beside: {} }, null).bytes).card).toEqual(card);
    }
  });
});

describe('cards of other programs', () => {
  const fields = { description: 'd', personality: 'p', scenario: 's', first_mes: 'f', mes_example: 'm' };

  test('V1, with a field of its own', () => {
    const { card, problems } = json({ name: 'Ana', ...fields, avatar: 'none' });
    expect(card).toMatchObject({ name: 'Ana', ...fields, avatar: 'none', tags: [], alternate_greetings: [] });
    expect(problems).toEqual([]);
  });

  test('V2 and V3 keep what stands beside the card, but not what is said twice', () => {
    const data = { name: 'Ana', ...fields, nickname: 'A', x_own: [1] };
    const { card, beside } = json({
      spec: 'chara_card_v3',
      spec_version: '3.0',
      data,
      name: 'Ana',
      fav: true,
    });
    expect(card).toMatchObject(data);
    expect(beside).toEqual({ fav: true });
    const written = JSON.parse(writeCardJson({ card, beside }, false).bytes.toString()) as Record<
      string,
      unknown
    >;
    expect(written).toMatchObject({ spec: 'chara_card_v3', fav: true, data });
  });

  test('in a picture V3 goes before V2; tEXt, iTXt and zTXt are read', () => {
    const card = (name: string) => encoded({ spec: 'chara_card_v2', data: { name, ...fields } });
    expect(read(withChunk(textChunk('chara', card('old')), textChunk('ccv3', card('new')))).card.name).toBe(
      'new',
    );
    const packed = deflateSync(Buffer.from(card('packed')));
    const zip: Chunk = { type: 'zTXt', data: Buffer.concat([Buffer.from('chara\0\0'), packed]) };
    expect(read(withChunk(zip)).card.name).toBe('packed');
    const plain: Chunk = { type: 'iTXt', data: Buffer.from(`chara\0\0\0\0\0${card('plain')}`) };
    expect(read(withChunk(plain)).card.name).toBe('plain');
    const both: Chunk = { type: 'iTXt', data: Buffer.concat([Buffer.from('chara\0\x01\0en\0\0'), packed]) };
    expect(read(withChunk(both)).card.name).toBe('packed');
  });

  test('text-generation-webui and Pygmalion', () => {
    expect(read('name: Ana\ngreeting: |-\n  Hi\n  there\ncontext: "Ana is kind."\n').card).toMatchObject({
      ...{ name: 'Ana', first_mes: 'Hi\nthere', description: 'Ana is kind.' },
    });
    expect(
      json({
        char_name: 'Ana',
        char_persona: 'p',
        world_scenario: 's',
        char_greeting: 'g',
        example_dialogue: 'e',
      }).card,
    ).toMatchObject({
      ...{ name: 'Ana', description: 'p', scenario: 's', first_mes: 'g', mes_example: 'e' },
    });
    expect(read('context: Nobody\n').card.name).toBe('file');
  });

  test('YAML says what it has no place for', () => {
    const [card] = exampleCards;
    expect(writeCardYaml({ card: card! }, true).lacks).toEqual([
      'the picture (save it beside the file, with the same name)',
      'the other greetings',
      'the lorebook',
      'the creator’s notes',
      'the tags',
    ]);
  });
});

describe('bad input', () => {
  test('fields of a wrong kind are told, and hide no other', () => {
    const { card, problems } = json({
      ...{ name: 'Ana', description: 5, first_mes: 'Hi', tags: 'one', alternate_greetings: null },
      character_book: {
        entries: [3, { keys: 'lake', content: 'x' }, { keys: ['a'], content: 'y' }],
        scan_depth: 'deep',
      },
    });
    expect(card).toMatchObject({
      name: 'Ana',
      description: '',
      first_mes: 'Hi',
      tags: [],
      alternate_greetings: [],
    });
    expect(card.character_book?.entries.map(({ content }) => content)).toEqual(['x', 'y']);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      ...['description', 'tags', 'character_book.scan_depth'],
      ...['character_book.entries[0]', 'character_book.entries[1].keys'],
    ]);
    expect(json({ name: ['x'], first_mes: 'Hi', data: 1 }).card.name).toBe('file');
  });

  test('whatever it is, it is read or refused with words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((one) => Buffer.from(one)),
        ),
        (bytes) => {
          try {
            read(bytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
          }
        },
      ),
    );
  });

  test('script in a field is text, and a prototype is not touched', () => {
    const { card } = read(
      '{"name":"<img src=x onerror=alert(1)>","first_mes":"x","__proto__":{"polluted":1},"data":{"name":"a","first_mes":"b","__proto__":{"polluted":1}}}',
    );
    expect(card.name).toBe('a');
    expect('polluted' in card).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['a number', '5'],
    ['a list', '[]'],
    ['JSON that ends early', '{"name": "Ana"'],
    ['other JSON', '{"name": "package", "version": "1"}'],
    ['YAML that is none', 'a: [b'],
    ['plain words', 'Hello there'],
  ])('%s', (_what, content) =>
    expect(refusal(content)).toContain('“file” is no character that can be read.'),
  );

  test('YAML that grows by pointing to itself', () => {
    const lines = [
      'a: &a ["x","x"]',
      ...'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [*${'abcdefghi'[at]}, *${'abcdefghi'[at]}]`),
    ];
    expect(refusal(`context: c\n${lines.join('\n')}`)).toContain('points from one place to another');
  });

  test('too much of anything', () => {
    expect(refusal(Buffer.alloc(8_000_001, 'x'))).toContain('more than 8 MB');
    expect(refusal(Buffer.alloc(32_000_001, 'x'))).toContain('more than 32 MB');
    expect(
      refusal(`{"name":"a","first_mes":"b","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    ).toContain('64 deep');
    const entries = Array.from({ length: 5001 }, () => ({}));
    expect(refusal(JSON.stringify({ name: 'a', first_mes: 'b', character_book: { entries } }))).toContain(
      '5000 entries',
    );
    const long = json({ name: 'a', first_mes: 'b', description: 'x'.repeat(1_000_001) });
    expect(long.problems).toEqual(['description: this is of the wrong kind or too long, and was left out.']);
  });

  describe('pictures', () => {
    const card = textChunk('chara', encoded({ name: 'Ana', first_mes: 'Hi' }));
    const sound = withChunk(card);

    test('one without a card', () => expect(refusal(picture)).toContain('no character card in this picture'));

    test('one that is cut off anywhere, or has a wrong bit', () => {
      for (let length = 8; length < sound.length; length++) {
        expect(refusal(sound.subarray(0, length))).toContain('is damaged');
      }
      for (let at = 8; at < sound.length; at += 3) {
        const bad = Buffer.from(sound);
        bad[at]! ^= 0x10;
        expect(refusal(bad)).toContain('is damaged');
      }
    });

    test('one that says it is enormous is not decoded', () => {
      const [header, ...rest] = readPng(sound);
      const huge = Buffer.from(header!.data);
      huge.writeUInt32BE(60_000, 0);
      huge.writeUInt32BE(60_000, 4);
      expect(refusal(writePng([{ type: 'IHDR', data: huge }, ...rest]))).toContain('60000 × 60000 pixels');
      huge.writeUInt32BE(0, 0);
      expect(refusal(writePng([{ type: 'IHDR', data: huge }, ...rest]))).toContain('no pixels');
    });

    test('a text that unpacks to more than a card may have is not unpacked', () => {
      const bomb = deflateSync(Buffer.alloc(20_000_000, 'x'));
      expect(bomb.length).toBeLessThan(30_000);
      for (const data of [Buffer.from('chara\0\0'), Buffer.from('chara\0\x01\0\0\0')]) {
        const type = data.length === 7 ? 'zTXt' : 'iTXt';
        expect(refusal(withChunk({ type, data: Buffer.concat([data, bomb]) }))).toContain(
          'grows to more than',
        );
      }
      const broken: Chunk = { type: 'zTXt', data: Buffer.from('chara\0\0nonsense') };
      expect(refusal(withChunk(broken))).toContain('can’t be unpacked');
      expect(refusal(withChunk({ type: 'iTXt', data: Buffer.from('chara\0') }))).toContain('is damaged');
    });

    test('a card that is no base64 or no JSON', () => {
      expect(refusal(withChunk(textChunk('chara', '!!!')))).toContain('no sound JSON');
    });
  });
});
