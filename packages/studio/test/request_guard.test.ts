import { describe, expect, it } from 'vitest';
import { isOwnRequest } from '../src/server/request_guard.ts';

describe('request guard (ST)', () => {
  const port = 4610;

  it('[ST1] allows the page itself, and programs that send no origin', () => {
    expect(isOwnRequest({ host: '127.0.0.1:4610', origin: undefined }, port)).toBe(true);
    expect(isOwnRequest({ host: 'localhost:4610', origin: 'http://localhost:4610' }, port)).toBe(
      true,
    );
    expect(isOwnRequest({ host: 'localhost:4610', origin: 'http://127.0.0.1:4610' }, port)).toBe(
      true,
    );
  });

  it.each([
    ['evil.example', undefined],
    ['evil.example:4610', 'http://evil.example:4610'],
    ['127.0.0.1:4611', undefined],
    ['127.0.0.1', undefined],
    [undefined, undefined],
    ['127.0.0.1:4610', 'http://evil.example'],
    ['127.0.0.1:4610', 'https://127.0.0.1:4610'],
    ['127.0.0.1:4610', 'http://127.0.0.1:4610.evil.example'],
    ['127.0.0.1:4610', 'http://127.0.0.1'],
    ['127.0.0.1:4610', 'null'],
    ['127.0.0.1:4610', ''],
  ])('[ST1] keeps out host %s with origin %s', (host, origin) => {
    expect(isOwnRequest({ host, origin }, port)).toBe(false);
  });
});
