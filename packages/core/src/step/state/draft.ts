import type { OncueEvent } from '../../events.ts';
import type { AgentMs, ResponseId, TurnId } from '../../units.ts';
import { copyResponse, copyTimeline, copyTurn } from './copies.ts';
import { responseOf } from './selectors.ts';
import type { ResponseState, TimelineState, TurnItem, TurnState } from './state.ts';

/** An event before the draft numbers it. */
export type UnnumberedEvent = OncueEvent extends infer E
  ? E extends OncueEvent
    ? Omit<E, 'seq' | 'atMs'>
    : never
  : never;

/**
 * One step in the making: the state as changed so far and the events so far.
 *
 * Copies what it changes and never touches the state it was given, so `step` stays pure. Only the outermost object is
 * the draft's own and changed in place: a copy of it at every change was most of the cost of a step.
 */
export class Draft {
  readonly state: TimelineState;
  readonly events: OncueEvent[] = [];
  readonly atMs: AgentMs;

  constructor(state: TimelineState, atMs: AgentMs) {
    this.state = copyTimeline(state);
    this.atMs = atMs;
  }

  /** Numbers an event, which from here on is the draft's. */
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

  /** Takes a response off its turn. */
  dropResponse(id: ResponseId): void {
    const turnId = this.response(id)?.turnId;
    if (turnId === undefined) return;
    const items = this.turn(turnId)?.items.filter(
      (item) => item.kind !== 'response' || item.response.id !== id,
    );
    if (items) this.patchTurn(turnId, { items });
  }

  /** Takes the first item off a turn. */
  shiftItem(id: TurnId): void {
    const items = this.turn(id)?.items.slice(1);
    if (items) this.patchTurn(id, { items });
  }
}
