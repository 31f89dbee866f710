import { randomUUID } from 'node:crypto';
import { Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import type { RoomTicket } from './protocol/control_messages.ts';

/** A LiveKit server, and a key of it. */
export interface RoomServer {
  /** `ws://` or `wss://`, reachable for the page as well. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * The server that LiveKit's usual environment variables name.
 *
 * @throws TypeError that says which of them is missing, or that the address is none.
 */
export function roomServerOf(env: Readonly<Record<string, string | undefined>>): RoomServer {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = env;
  if (!url || !apiKey || !apiSecret) {
    throw new TypeError(
      'a room needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET; in the repository, npm run room -- --studio starts a server and sets them',
    );
  }
  if (!/^wss?:\/\/[^/]+/.test(url))
    throw new TypeError(`LIVEKIT_URL is ${url}; it begins with ws:// or wss://`);
  return { url, apiKey, apiSecret };
}

/** Where a page may talk to, for its content policy: LiveKit's client asks the same server by http why a join failed. */
export function originsOf({ url }: RoomServer): readonly string[] {
  const { origin, host, protocol } = new URL(url);
  const http = protocol === 'wss:' ? 'https:' : 'http:';
  return [origin === 'null' ? `${protocol}//${host}` : origin, `${http}//${host}`];
}

/** The room of one run: the agent is in it, and pages may join. */
export class StudioRoom {
  readonly room: Room;
  readonly #server: RoomServer;
  readonly #name: string;

  private constructor(server: RoomServer, name: string, room: Room) {
    this.#server = server;
    this.#name = name;
    this.room = room;
  }

  /** @throws Error when the server does not answer, or does not know the key. */
  static async join(server: RoomServer): Promise<StudioRoom> {
    const name = `studio-${randomUUID()}`;
    const room = new Room();
    const token = await ticketFor(server, { room: name, identity: 'agent', kind: 'agent' });
    await room.connect(server.url, token, { autoSubscribe: true, dynacast: false });
    return new StudioRoom(server, name, room);
  }

  /** For one page: each is a participant of its own. */
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
