/** Addresses as people write them, and who could read what goes there. */
import { expect, test } from 'vitest';
import { isReadableOnTheWay, readServerAddress } from '../../../../preload/contract/server-address.js';

test('completes what people write', () => {
  expect(readServerAddress(' localhost:8080/ ')).toBe('http://localhost:8080');
  expect(readServerAddress('192.168.1.5:11434/v1/')).toBe('http://192.168.1.5:11434/v1');
  expect(readServerAddress('example.org/api/v1')).toBe('https://example.org/api/v1');
  expect(readServerAddress('http://example.org')).toBe('http://example.org');
  expect(readServerAddress('https://[::1]:5000/v1?key=1#x')).toBe('https://[::1]:5000/v1');
});

test('refuses what is no address, and one with a password in it', () => {
  for (const text of [
    '',
    'ftp://example.org',
    'file:///etc/passwd',
    'two words',
    'http://',
    'https://me:secret@example.org',
  ]) {
    expect(readServerAddress(text), text).toBeNull();
  }
});

test('only http beyond the own network can be read on the way', () => {
  const own = ['localhost', 'pc.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '10.0.0.7', '192.168.0.2'];
  const private_ = [
    '172.16.0.1',
    '172.31.255.1',
    '169.254.1.1',
    '100.64.0.1',
    '[fd12:3456::1]',
    '[fe80::1]',
    'server',
    'box.local',
    'nas.home.arpa',
  ];
  for (const host of [...own, ...private_]) {
    expect(isReadableOnTheWay(`http://${host}:8080`), host).toBe(false);
  }
  const far = [
    'example.org',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '[2001:db8::1]',
    'localhost.example.org',
  ];
  for (const host of far) {
    expect(isReadableOnTheWay(`http://${host}`), host).toBe(true);
    expect(isReadableOnTheWay(`https://${host}`), host).toBe(false);
  }
});
