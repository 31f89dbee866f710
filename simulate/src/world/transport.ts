import type { AgentMs, ResponseId } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import type { Listener } from './listener.ts';
import { SAMPLES_PER_MS } from './samples.ts';

/** A piece of a response, as it leaves the agent. */
export interface Piece {
  readonly id: ResponseId;
  readonly first: number;
  readonly sentAtMs: number;
  count: number;
  /** When the first of it leaves, in real time behind each other in a room. */
  leavesAtMs: number;
  /** Of one that was there when the queue stood still, and that a clear removed: how much later it would have left. */
  missedByMs?: number;
  cancel: (() => void) | undefined;
}

/** Where an agent's audio goes. */
export interface Transport {
  /** What has left of each response, for whoever checks what is claimed of it. */
  readonly pieces: ReadonlyMap<ResponseId, readonly Piece[]>;
  announce(id: ResponseId): void;
  /** @returns When the first of it leaves at the earliest; `undefined`: at once. */
  write(id: ResponseId, count: number): AgentMs | undefined;
  end(id: ResponseId): void;
  clear(): void;
  hold(isHeld: boolean): void;
  /** A listener can be played to from now on. */
  joined(listener: Listener): void;
  left(listener: Listener): void;
  settled(id: ResponseId): void;
}

abstract class Pieces {
  readonly pieces = new Map<ResponseId, Piece[]>();
  protected readonly listeners = new Set<Listener>();
  protected readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  left(listener: Listener): void {
    this.listeners.delete(listener);
  }

  protected add(id: ResponseId, count: number, leavesAtMs: number): Piece {
    const own = this.pieces.get(id) ?? [];
    const before = own.at(-1);
    const first = before ? before.first + before.count : 0;
    const sentAtMs = this.clock.nowMs();
    const piece: Piece = { id, first, sentAtMs, count, leavesAtMs, cancel: undefined };
    own.push(piece);
    this.pieces.set(id, own);
    return piece;
  }
}

/** The page holds the buffer; what was not reported as heard is sent again to a page that comes back. */
export class SocketTransport extends Pieces implements Transport {
  /** In playout order: what a new page still gets. */
  readonly #kept = new Map<ResponseId, { written: number; total?: number }>();
  readonly #reported = new Map<ResponseId, number>();
  readonly #settled = new Set<ResponseId>();
  #isHeld = false;

  announce(id: ResponseId): void {
    this.#kept.set(id, { written: 0 });
    for (const listener of this.listeners) this.#announceTo(listener, id, 0);
  }

  write(id: ResponseId, count: number): undefined {
    const piece = this.add(id, count, this.clock.nowMs());
    const kept = this.#kept.get(id);
    if (kept) kept.written += count;
    for (const listener of this.listeners) listener.audio(id, piece.first, count);
  }

  end(id: ResponseId): void {
    const kept = this.#kept.get(id);
    if (!kept) return;
    kept.total = kept.written;
    for (const listener of this.listeners) this.#endTo(listener, id, kept.total);
  }

  clear(): void {
    this.#kept.clear();
    this.#isHeld = false;
    for (const listener of this.listeners) listener.receive({ type: 'clear' });
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const listener of this.listeners) listener.receive({ type: isHeld ? 'pause' : 'resume' });
  }

  joined(listener: Listener): void {
    this.listeners.add(listener);
    if (this.#isHeld) listener.receive({ type: 'pause' });
    for (const [id, { written, total }] of this.#kept) {
      const from = Math.min(written, this.#reported.get(id) ?? 0);
      this.#announceTo(listener, id, from);
      if (written > from) listener.audio(id, from, written - from);
      if (total !== undefined) this.#endTo(listener, id, total);
    }
  }

  /** The page says how far it is; what it heard is not sent again. */
  reported(id: ResponseId, heardSamples: number, isOver: boolean): void {
    this.#reported.set(id, Math.max(heardSamples, this.#reported.get(id) ?? 0));
    if (isOver) this.#kept.delete(id);
  }

  /** A page that listens plays on what nobody waits for any more. One that comes back does not begin with it. */
  settled(id: ResponseId): void {
    this.#settled.add(id);
    if (this.listeners.size === 0) this.#kept.delete(id);
  }

  override left(listener: Listener): void {
    super.left(listener);
    for (const id of this.#settled) this.#kept.delete(id);
  }

  #announceTo(listener: Listener, responseId: ResponseId, heardBeforeSamples: number): void {
    listener.receive({
      type: 'announce',
      responseId,
      sampleRateHz: SAMPLES_PER_MS * 1000,
      heardBeforeSamples,
    });
  }

  #endTo(listener: Listener, responseId: ResponseId, totalSamples: number): void {
    listener.receive({ type: 'end', responseId, totalSamples });
  }
}

/** The agent's queue lets audio out in real time; whoever is in the room then hears it. */
export class RoomTransport extends Pieces implements Transport {
  #queue: Piece[] = [];
  #freeAtMs = 0;
  #heldAtMs: number | undefined;
  #lastLeft: Piece | undefined;
  readonly #known: ResponseId[] = [];

  announce(id: ResponseId): void {
    this.#known.push(id);
    for (const listener of this.listeners) this.#announceTo(listener, id);
  }

  write(id: ResponseId, count: number): AgentMs | undefined {
    const nowMs = this.clock.nowMs();
    const leavesAtMs = Math.max(this.#heldAtMs ?? nowMs, this.#freeAtMs);
    const piece = this.add(id, count, leavesAtMs);
    this.#freeAtMs = leavesAtMs + count / SAMPLES_PER_MS;
    this.#queue.push(piece);
    if (this.#heldAtMs === undefined) this.#schedule(piece);
    // While the queue stands still, a sender counts what waits from now on.
    const waitsMs = leavesAtMs - (this.#heldAtMs ?? nowMs);
    return waitsMs > 0 ? ((nowMs + waitsMs) as AgentMs) : undefined;
  }

  end(id: ResponseId): void {
    const own = this.pieces.get(id);
    const last = own?.at(-1);
    if (!last) return;
    for (const listener of this.listeners)
      listener.receive({ type: 'end', responseId: id, totalSamples: last.first + last.count });
  }

  clear(): void {
    this.#stop();
    const stoodAtMs = this.#heldAtMs ?? this.clock.nowMs();
    for (const piece of this.#queue) {
      if (piece.sentAtMs <= stoodAtMs) piece.missedByMs = piece.leavesAtMs - stoodAtMs;
      piece.count = 0;
      piece.leavesAtMs = Number.POSITIVE_INFINITY;
    }
    this.#queue = [];
    this.#freeAtMs = 0;
    this.#heldAtMs = undefined;
    const last = this.#lastLeft;
    const left = last && { responseId: last.id, samples: last.first + last.count };
    for (const listener of this.listeners)
      listener.receive({ type: 'clear', ...(left ? { left } : {}) });
  }

  hold(isHeld: boolean): void {
    const nowMs = this.clock.nowMs();
    if (isHeld && this.#heldAtMs === undefined) {
      this.#stop();
      this.#heldAtMs = nowMs;
    } else if (!isHeld && this.#heldAtMs !== undefined) {
      const heldMs = nowMs - this.#heldAtMs;
      this.#heldAtMs = undefined;
      this.#move(heldMs);
    }
  }

  joined(listener: Listener): void {
    this.listeners.add(listener);
    for (const id of this.#known.slice(-4)) this.#announceTo(listener, id);
  }

  settled(): void {}

  /** The queue stands still for a while. @returns From when on it is late. */
  slip(byMs: number): number | undefined {
    const fromMs = this.#queue[0]?.leavesAtMs;
    if (fromMs === undefined || this.#heldAtMs !== undefined) return undefined;
    for (const piece of this.#queue) piece.cancel?.();
    this.#move(byMs);
    return fromMs;
  }

  #announceTo(listener: Listener, responseId: ResponseId): void {
    listener.receive({ type: 'announce', responseId, sampleRateHz: SAMPLES_PER_MS * 1000 });
  }

  #move(byMs: number): void {
    if (this.#freeAtMs > 0) this.#freeAtMs += byMs;
    for (const piece of this.#queue) {
      piece.leavesAtMs += byMs;
      this.#schedule(piece);
    }
  }

  #schedule(piece: Piece): void {
    piece.cancel = this.clock.schedule(piece.leavesAtMs - this.clock.nowMs(), () => {
      this.#queue.shift();
      this.#lastLeft = piece;
      for (const listener of this.listeners) listener.audio(piece.id, piece.first, piece.count);
    });
  }

  /** Nothing leaves from now on: what of the last piece has not stays in the queue. */
  #stop(): void {
    for (const piece of this.#queue) piece.cancel?.();
    const last = this.#lastLeft;
    if (!last || last.count === 0) return;
    const nowMs = this.clock.nowMs();
    const left = Math.ceil((nowMs - last.leavesAtMs) * SAMPLES_PER_MS);
    if (left >= last.count) return;
    const own = this.pieces.get(last.id) ?? [];
    const rest: Piece = {
      id: last.id,
      first: last.first + left,
      sentAtMs: last.sentAtMs,
      count: last.count - left,
      leavesAtMs: nowMs,
      cancel: undefined,
    };
    last.count = left;
    own.splice(own.indexOf(last) + 1, 0, rest);
    this.#queue.unshift(rest);
    for (const listener of this.listeners) listener.leftOnly(last.id, rest.first);
  }
}

/** Samples of a response that had left the agent at an instant; of a socket's, all that was written. */
export function leftSamples(
  pieces: readonly Piece[] | undefined,
  atMs: number,
  transport: 'socket' | 'room',
): number {
  let left = 0;
  for (const { first, count, leavesAtMs } of pieces ?? []) {
    if (leavesAtMs > atMs || count === 0) continue;
    const most = transport === 'socket' ? count : (atMs - leavesAtMs) * SAMPLES_PER_MS;
    left = Math.max(left, first + Math.min(count, most));
  }
  return left;
}
