import { expect, test } from 'vitest';
import { proxyOfEnvironment, proxyOfSystem } from '../../../../main/net/proxy.js';

const of = (url: string, environment: Record<string, string>) =>
  proxyOfEnvironment(new URL(url), environment);

test('each scheme has its variable, in small letters too', () => {
  const environment = { HTTPS_PROXY: 'http://s:1', http_proxy: 'p:2' };
  expect(of('https://a.b/', environment)).toBe('http://s:1');
  expect(of('http://a.b/', environment)).toBe('http://p:2');
  expect(of('http://a.b/', { ALL_PROXY: 'socks5://x:3' })).toBe('socks5://x:3');
  expect(of('http://a.b/', { HTTPS_PROXY: 'http://s:1' })).toBeUndefined();
  expect(of('http://a.b/', { HTTP_PROXY: '' })).toBeUndefined();
});

test.each([
  ['*', 'https://a.b/', null],
  ['b', 'https://a.b/', null],
  ['.b', 'https://a.b/', null],
  ['a.b', 'https://aa.b/', 'http://p:1'],
  ['x, A.B', 'https://a.b/', null],
  ['a.b:443', 'https://a.b/', null],
  ['a.b:80', 'https://a.b/', 'http://p:1'],
  ['', 'https://a.b/', 'http://p:1'],
])('NO_PROXY=%s and %s', (list, url, proxy) => {
  expect(of(url, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBe(proxy);
});

test('this machine is reached without one', () => {
  const environment = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1' };
  for (const host of ['localhost', '127.0.0.1:8080', '[::1]:8080']) {
    expect(of(`http://${host}/`, environment), host).toBeNull();
  }
  expect(of('http://192.168.0.2/', environment)).toBe('http://p:1');
});

test('the first way of the system that is known is taken', () => {
  expect(proxyOfSystem('DIRECT')).toBeNull();
  expect(proxyOfSystem('')).toBeNull();
  expect(proxyOfSystem('PROXY p:8080; DIRECT')).toBe('http://p:8080');
  expect(proxyOfSystem('SOCKS old:1; HTTPS p:443')).toBe('https://p:443');
  expect(proxyOfSystem('SOCKS5 p:1080')).toBe('socks5://p:1080');
  expect(() => proxyOfSystem('SOCKS old:1')).toThrow('of a kind');
});
