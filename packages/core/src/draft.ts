import type { OncueEvent } from './events.ts';
import type { ResponseState, TimelineState, TurnItem, TurnState } from './state.ts';
import type { AgentMs, ResponseId, TurnId } from './units.ts';

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
    this.state = { ...state };
    this.atMs = atMs;
  }

  /** Numbers an event, which from here on is the draft's. */
  emit(event: UnnumberedEvent): void {
    const { nextSeq } = this.state;
    this.events.push(Object.assign(event, { seq: nextSeq, atMs: this.atMs }) as OncueEvent);
    this.patch({ nextSeq: nextSeq + 1 });
  }

  patch(change: Partial<TimelineState>): void {
    Object.assign(this.state, change);
  }

  turn(id: TurnId): TurnState | undefined {
    return this.state.turns.find((turn) => turn.id === id);
  }

  patchTurn(id: TurnId, change: Partial<TurnState>): void {
    this.patch({
      turns: this.state.turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn)),
    });
  }

  dropTurn(id: TurnId): void {
    this.patch({ turns: this.state.turns.filter((turn) => turn.id !== id) });
  }

  response(id: ResponseId): ResponseState | undefined {
    for (const turn of this.state.turns) {
      for (const item of turn.items) {
        if (item.kind === 'response' && item.response.id === id) return item.response;
      }
    }
    return undefined;
  }

  patchResponse(id: ResponseId, change: Partial<ResponseState>): void {
    const turnId = this.response(id)?.turnId;
    if (turnId === undefined) return;
    const items = this.turn(turnId)?.items.map(
      (item): TurnItem =>
        item.kind === 'response' && item.response.id === id
          ? { kind: 'response', response: { ...item.response, ...change } }
          : item,
    );
    if (items) this.patchTurn(turnId, { items });
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
