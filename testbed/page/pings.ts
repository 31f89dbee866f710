import type { Room } from 'livekit-client';

const LOST_AFTER_MS = 2000;

/** Measures round trips with lossy data packets. Whoever gets one on `topic.ping` sends it back on `topic.pong`. */
export class Pings {
  readonly #topic: { readonly ping: string; readonly pong: string };
  readonly #waiting = new Map<string, () => void>();

  constructor(topic: { readonly ping: string; readonly pong: string }) {
    this.#topic = topic;
  }

  /** @returns Whether the packet was the answer to a ping. */
  take(topic: string | undefined, data: Uint8Array): boolean {
    if (topic !== this.#topic.pong) return false;
    this.#waiting.get(new TextDecoder().decode(data))?.();
    return true;
  }

  /** The round trip of each ping, ms, without lost ones. */
  async roundTripsMs(
    room: Room | undefined,
    of: { readonly count: number; readonly everyMs: number },
  ): Promise<number[]> {
    const trips: Promise<number | undefined>[] = [];
    for (let count = 0; count < of.count; count += 1) {
      trips.push(this.#roundTripMs(room));
      await new Promise((resolve) => setTimeout(resolve, of.everyMs));
    }
    return (await Promise.all(trips)).filter((tripMs) => tripMs !== undefined);
  }

  async #roundTripMs(room: Room | undefined): Promise<number | undefined> {
    const id = crypto.randomUUID();
    const sentAtMs = performance.now();
    const back = new Promise<number | undefined>((resolve) => {
      this.#waiting.set(id, () => resolve(performance.now() - sentAtMs));
      setTimeout(() => resolve(undefined), LOST_AFTER_MS);
    });
    const data = new TextEncoder().encode(id);
    await room?.localParticipant.publishData(data, { reliable: false, topic: this.#topic.ping });
    const tripMs = await back;
    this.#waiting.delete(id);
    return tripMs;
  }
}
