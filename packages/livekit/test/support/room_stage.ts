import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import type { ShareWithPage } from '../../src/listeners/captions/share_options.ts';
import { type Audience, RoomAudience } from '../../src/listeners/room/room_audience.ts';
import { RoomListener } from '../../src/listeners/room/room_listener.ts';
import { FakeRoom } from './fake_room.ts';
import './session_harness.ts';
import { TickingSource } from './ticking_source.ts';

export const RATE_HZ = 24_000;
export const A: ResponseId = 'a' as ResponseId;
export const B: ResponseId = 'b' as ResponseId;
export const C: ResponseId = 'c' as ResponseId;

/** Samples that count up, so that each can be recognised. */
export function counting(durationMs: number, from = 1): Int16Array {
  return Int16Array.from({ length: (durationMs * RATE_HZ) / 1000 }, (_, index) => from + index);
}

/** A room listener in a room of its own, on a manual clock. */
export class RoomStage {
  readonly clock = new ManualClock();
  readonly room = new FakeRoom();
  readonly source = new TickingSource(this.clock, { queueMs: 200, firstTickMs: 3 });
  readonly heard: string[] = [];
  /** Reasons that were given, and how many messages each was given for. */
  readonly refusals: [string, number | undefined][] = [];
  readonly paths: [number, number][] = [];
  /** From when on, and by how much, audio leaves later than was said, ms. */
  readonly moves: [number, number][] = [];
  /** How many of the audience do not report, each time that it changes. */
  readonly others: number[] = [];
  readonly listener: RoomListener;
  #subscribe: () => void = () => {};

  constructor(
    options: { audience?: Audience; subscribed?: boolean; share?: Required<ShareWithPage> } = {},
  ) {
    const { audience = 'linked', subscribed = true } = options;
    const room = this.room.asRoom;
    const whenSubscribed = new Promise<void>((resolve) => {
      this.#subscribe = resolve;
    });
    this.listener = new RoomListener({
      room,
      track: { source: this.source, subscribed: whenSubscribed, close: () => this.source.close() },
      audience: new RoomAudience(room, audience, () => 'user'),
      clock: this.clock,
      sampleRateHz: RATE_HZ,
      quorum: audience === 'all' ? 'all' : 'any',
      awayAfterMs: 5000,
      whenNobodyListens: 'wait_for_first',
      epoch: 'session',
      share: options.share,
    });
    this.listener.open({
      message: (raw, from) => this.heard.push(`${from} ${JSON.parse(raw).type}`),
      gone: (from) => this.heard.push(`${from} gone`),
      audience: (presence) => this.heard.push(presence),
      pathEstimated: (...path) => this.paths.push(path),
      queueMoved: (...move) => this.moves.push(move),
      untaken: () => {},
      others: (count) => this.others.push(count),
      neverLeft: (id) => this.heard.push(`${id} never left`),
      refused: (reason, count) => {
        this.heard.push('refused');
        if (reason !== undefined) this.refusals.push([reason, count]);
      },
    });
    if (subscribed) this.#subscribe();
  }

  subscribe(): Promise<void> {
    this.#subscribe();
    return this.clock.advanceAsync(0);
  }

  /** A participant joins whose page reports. */
  listens(identity: string): void {
    this.room.join(identity);
    this.room.say(identity, { type: 'hello', evidence: 'device' });
  }

  play(id: ResponseId, samples: Int16Array): void {
    this.listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    this.listener.write(id, samples);
    this.listener.send({ type: 'end', responseId: id, totalSamples: samples.length });
  }
}
