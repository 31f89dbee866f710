import type { ResponseId } from '@oncue/core';
import type { Lie } from '../history/history.ts';
import type { Listener } from './listener.ts';
import type { Piece } from './transport.ts';

export interface LiarPort {
  readonly clock: { nowMs(): number };
  readonly pieces: ReadonlyMap<ResponseId, readonly Piece[]>;
  readonly take: (listener: Listener, message: object) => void;
}

/** Says what is not so, in the name of a listener. It knows all identifiers, and gets its own sequence numbers through. */
export class Liar {
  readonly #port: LiarPort;
  /** Far from those of the listener it speaks for, and never behind a later one of its own. */
  #seq = 100;

  constructor(port: LiarPort) {
    this.#port = port;
  }

  say(listener: Listener, lie: Lie): void {
    for (let time = 0; time < lie.times; time += 1) {
      this.#seq += 1;
      this.#port.take(listener, {
        v: 1,
        epoch: listener.epoch,
        seq: this.#seq,
        ...this.#message(listener, lie),
      });
    }
  }

  #message(listener: Listener, lie: Lie): object {
    const nowMs = this.#port.clock.nowMs();
    const own = (agoMs: number): number => listener.ownClock(nowMs - agoMs);
    switch (lie.what) {
      case 'hello':
        return { type: 'hello', evidence: 'device' };
      case 'bye':
        return { type: 'bye' };
      case 'pong':
        return {
          type: 'pong',
          pingId: lie.back,
          receivedAtMs: own(lie.startedAgoMs),
          sentAtMs: own(lie.positionAgoMs),
        };
      case 'garbage':
        return { type: 'playhead', heardSamples: -1 };
      case 'playhead':
        return this.#playhead(lie, own);
    }
  }

  #playhead(lie: Lie, own: (agoMs: number) => number): object {
    const { pieces } = this.#port;
    const responseId = [...pieces.keys()].at(-1 - lie.back) ?? ('turn_1.0' as ResponseId);
    const last = pieces.get(responseId)?.at(-1);
    const sent = last ? last.first + last.count : 24_000;
    return {
      type: 'playhead',
      responseId,
      startedAtMs: own(lie.startedAgoMs),
      heardSamples: Math.ceil(sent * lie.share),
      positionAtMs: own(lie.positionAgoMs),
      phase: lie.phase,
      evidence: lie.evidence,
      errorBoundMs: lie.errorBoundMs,
    };
  }
}
