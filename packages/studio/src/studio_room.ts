import { randomUUID } from 'node:crypto';
import { Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { StudioError } from './errors.ts';
import type { RoomTicket } from './protocol/control_messages.ts';

/** A LiveKit server and an API key for it. */
export interface RoomServer {
  /** `ws://` or `wss://`; the page must be able to reach it too. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * The server in LiveKit's usual environment variables.
 *
 * @throws {StudioError} `STUDIO_BAD_ROOM` if one is missing, or the address is not a WebSocket address.
 */
export function roomServerOf(env: Readonly<Record<string, string | undefined>>): RoomServer {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = env;
  if (!url || !apiKey || !apiSecret) {
    throw new StudioError(
      'STUDIO_BAD_ROOM',
      'a room needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET; in the repository, npm run room -- --studio starts a server and sets them',
    );
  }
  if (!/^wss?:\/\/[^/]+/.test(url))
    throw new StudioError(
      'STUDIO_BAD_ROOM',
      `LIVEKIT_URL is ${url}; use an address that begins with ws:// or wss://`,
    );
  return { url, apiKey, apiSecret };
}

/** The origins that the page's content policy allows: after a failed join LiveKit's client asks the server for the reason by http. */
export function originsOf({ url }: RoomServer): readonly string[] {
  const { origin, host, protocol } = new URL(url);
  const http = protocol === 'wss:' ? 'https:' : 'http:';
  return [origin === 'null' ? `${protocol}//${host}` : origin, `${http}//${host}`];
}

/** The room of one run. The agent is in it, and pages may join. */
export class StudioRoom {
  readonly room: Room;
  readonly #server: RoomServer;
  readonly #name: string;

  private constructor(server: RoomServer, name: string, room: Room) {
    this.#server = server;
    this.#name = name;
    this.room = room;
  }

  /** @throws The error of LiveKit's client if the server does not answer or rejects the key. */
  static async join(server: RoomServer): Promise<StudioRoom> {
    const name = `studio-${randomUUID()}`;
    const room = new Room();
    const token = await ticketFor(server, { room: name, identity: 'agent', kind: 'agent' });
    await room.connect(server.url, token, { autoSubscribe: true, dynacast: false });
    return new StudioRoom(server, name, room);
  }

  /** An address and token for one page; each page is a participant of its own. */
  async ticket(): Promise<RoomTicket> {
    const identity = `page-${randomUUID()}`;
    return {
      url: this.#server.url,
      token: await ticketFor(this.#server, { room: this.#name, identity, kind: 'standard' }),
    };
  }

  async leave(): Promise<void> {
    await this.room.disconnect().catch(() => undefined);
  }
}

async function ticketFor(
  { apiKey, apiSecret }: RoomServer,
  of: {
    readonly room: string;
    readonly identity: string;
    readonly kind: 'agent' | 'standard';
  },
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity: of.identity });
  if (of.kind === 'agent') token.kind = 'agent';
  token.addGrant({ roomJoin: true, room: of.room, canUpdateOwnMetadata: true });
  return await token.toJwt();
}
