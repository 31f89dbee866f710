import type { OncueEvent } from '../../events.ts';
import type { AgentMs, ResponseId, TurnId } from '../../units.ts';
import { copyResponse, copyTimeline, copyTurn } from './copies.ts';
import { responseOf } from './selectors.ts';
import type { ResponseState, TimelineState, TurnItem, TurnState } from './state.ts';

/** An event before the draft adds its number and instant. */
export type UnnumberedEvent = OncueEvent extends infer E
  ? E extends OncueEvent
    ? Omit<E, 'seq' | 'atMs'>
    : never
  : never;

/**
 * A step in progress: the state and the events so far.
 *
 * It copies what it changes and never modifies the state that it was given, so `step` stays pure. It owns the outermost
 * object and changes that in place: copying it for every change was most of the cost of a step.
 */
export class Draft {
  readonly state: TimelineState;
  readonly events: OncueEvent[] = [];
  readonly atMs: AgentMs;

  constructor(state: TimelineState, atMs: AgentMs) {
    this.state = copyTimeline(state);
    this.atMs = atMs;
  }

  /** Adds number and instant to an event. The draft owns the object from now on. */
  emit(event: UnnumberedEvent): void {
    const { nextSeq } = this.state;
    const numbered = event as UnnumberedEvent & { seq: number; atMs: AgentMs };
    numbered.seq = nextSeq;
    numbered.atMs = this.atMs;
    this.events.push(numbered as OncueEvent);
    this.patch({ nextSeq: nextSeq + 1 });
  }

  patch(change: Partial<TimelineState>): void {
    Object.assign(this.state, change);
  }

  turn(id: TurnId): TurnState | undefined {
    return this.state.turns.find((turn) => turn.id === id);
  }

  patchTurn(id: TurnId, change: Partial<TurnState>): void {
    const { turns } = this.state;
    const place = turns.findIndex((turn) => turn.id === id);
    const turn = turns[place];
    if (turn) this.patch({ turns: turns.with(place, Object.assign(copyTurn(turn), change)) });
  }

  dropTurn(id: TurnId): void {
    this.patch({ turns: this.state.turns.filter((turn) => turn.id !== id) });
  }

  response(id: ResponseId): ResponseState | undefined {
    return responseOf(this.state, id);
  }

  patchResponse(id: ResponseId, change: Partial<ResponseState>): void {
    const before = this.response(id);
    const items = before && this.turn(before.turnId)?.items;
    if (!before || !items) return;
    const place = items.findIndex((item) => item.kind === 'response' && item.response === before);
    const response = Object.assign(copyResponse(before), change);
    const item: TurnItem = { kind: 'response', response };
    this.patchTurn(before.turnId, { items: items.with(place, item) });
  }

  /** Removes a response from its turn. */
  dropResponse(id: ResponseId): void {
    const turnId = this.response(id)?.turnId;
    if (turnId === undefined) return;
    const items = this.turn(turnId)?.items.filter(
      (item) => item.kind !== 'response' || item.response.id !== id,
    );
    if (items) this.patchTurn(turnId, { items });
  }

  /** Removes the first item of a turn. */
  shiftItem(id: TurnId): void {
    const items = this.turn(id)?.items.slice(1);
    if (items) this.patchTurn(id, { items });
  }
}
