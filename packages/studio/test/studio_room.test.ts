import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../src/server/request_guard.ts';
import { originsOf, roomServerOf } from '../src/studio_room.ts';

const ENV = { LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };

describe('[ST13] the room of a studio', () => {
  it('[ST13] comes from the usual variables, and the error names what is missing', () => {
    expect(roomServerOf(ENV)).toEqual({ url: 'ws://127.0.0.1:7880', apiKey: 'k', apiSecret: 's' });
    for (const name of ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'])
      expect(() => roomServerOf({ ...ENV, [name]: '' })).toThrow(
        expect.objectContaining({
          code: 'STUDIO_BAD_ROOM',
          message: expect.stringMatching(/LIVEKIT_URL, LIVEKIT_API_KEY/),
        }),
      );
    expect(() => roomServerOf({ ...ENV, LIVEKIT_URL: '127.0.0.1:7880' })).toThrow(/ws:\/\//);
  });

  it('[ST13] the page may connect to that server, and to no other', () => {
    expect(originsOf(roomServerOf(ENV))).toEqual(['ws://127.0.0.1:7880', 'http://127.0.0.1:7880']);
    expect(originsOf({ ...roomServerOf(ENV), url: 'wss://rooms.example/rtc' })).toEqual([
      'wss://rooms.example',
      'https://rooms.example',
    ]);
    expect(securityHeaders([])['content-security-policy']).toContain("connect-src 'self';");
    expect(securityHeaders(['ws://a'])['content-security-policy']).toContain(
      "connect-src 'self' ws://a;",
    );
  });
});
