/** Who is let in. */
import { describe, expect, test } from 'vitest';
import { checkKey, checkSender, hashOfKey, newKey, type Knock } from '../../../../main/server/guard.js';

const door = { lan: false, hostName: 'Llama-PC', keyHash: hashOfKey('secret') };
const knock = (change: Partial<Knock>): Knock => ({
  ...{ host: '127.0.0.1:5005', origin: undefined, authorization: undefined, apiKey: undefined },
  ...change,
});

describe('names of the machine', () => {
  test.each(['localhost', 'localhost:5005', '127.0.0.1:5005', '[::1]:5005', 'LOCALHOST:1'])(
    '%s is let in',
    (host) => {
      expect(() => checkSender(knock({ host }), door)).not.toThrow();
    },
  );
  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a@localhost',
    '',
    undefined,
    '192.168.1.2',
    'localhost/x',
  ])('%s is not', (host) => {
    expect(() => checkSender(knock({ host }), door)).toThrow('not known here');
  });
  test('in a network numbers and the own name are, other names are not', () => {
    const open = { ...door, lan: true };
    for (const host of ['192.168.1.2:5005', '[fe80::1]', 'llama-pc:5005']) checkSender(knock({ host }), open);
    expect(() => checkSender(knock({ host: 'evil.example' }), open)).toThrow('not known here');
  });
});

test.each(['https://evil.example', 'null', 'http://localhost:3000'])('a page of %s is refused', (origin) => {
  expect(() => checkSender(knock({ origin }), door)).toThrow('Web pages');
});

test('only the key opens, in either form', () => {
  checkKey(knock({ authorization: 'Bearer secret' }), door);
  checkKey(knock({ apiKey: 'secret' }), door);
  expect(() => checkKey(knock({}), door)).toThrow('A key is needed');
  expect(() => checkKey(knock({ authorization: 'Bearer wrong' }), door)).toThrow('not the one');
  expect(() => checkKey(knock({ apiKey: '' }), { ...door, keyHash: '' })).toThrow('not the one');
  expect(newKey()).not.toBe(newKey());
});
