// A step in progress. The state is made by hand: what a timeline makes goes through a draft itself.
import { expect, it } from 'vitest';
import type { AgentMs, ResponseId, TurnId } from '../src/index.ts';
import { Draft, type UnnumberedEvent } from '../src/step/state/draft.ts';
import type { ResponseState, TimelineState, TurnItem, TurnState } from '../src/step/state/state.ts';
import { initialState } from '../src/step/step.ts';

const NONE = 'none' as ResponseId & TurnId;
const STATE: TurnItem = { kind: 'state', state: 'thinking' };

const itemOf = (id: string, turnId: string): TurnItem => ({
  kind: 'response',
  response: { id, turnId, text: id, textEnded: false } as ResponseState,
});

/** Turns `one`, with `a`, a state and `b`, and `two`, with `c`. */
function stateOf(): TimelineState {
  const turn = (id: string, items: readonly TurnItem[]): TurnState => ({
    id: id as TurnId,
    speechId: undefined,
    items,
    live: false,
    closed: false,
    ending: undefined,
    held: [],
  });
  return {
    ...initialState(),
    turns: [
      turn('one', [itemOf('a', 'one'), STATE, itemOf('b', 'one')]),
      turn('two', [itemOf('c', 'two')]),
    ],
  };
}

const draftOf = (state = stateOf()): Draft => new Draft(state, 500 as AgentMs);

/** The turns with their items: the text of each response, or the name of a state. */
const turnsOf = ({ turns }: TimelineState): unknown[] =>
  turns.map(({ id, items }) => [
    id,
    items.map((item) => (item.kind === 'state' ? item.state : item.response.text)),
  ]);

const BEFORE = [
  ['one', ['a', 'thinking', 'b']],
  ['two', ['c']],
];

it('a draft leaves the state that it was given as it is', () => {
  const state = stateOf();
  const draft = draftOf(state);
  draft.patch({ droppedCount: 3 });
  draft.patchTurn('one' as TurnId, { live: true });
  draft.patchResponse('b' as ResponseId, { text: 'changed' });
  draft.dropResponse('c' as ResponseId);
  draft.shiftItem('one' as TurnId);
  draft.dropTurn('two' as TurnId);

  expect(state).toEqual(stateOf());
  expect(turnsOf(draft.state)).toEqual([['one', ['thinking', 'changed']]]);
  expect(draft.state.droppedCount).toBe(3);
});

it('[RS3] events are numbered one after the other, and have the instant of the step', () => {
  const draft = draftOf({ ...stateOf(), nextSeq: 7 });
  const event: UnnumberedEvent = {
    type: 'report_dropped',
    reason: 'out_of_range',
    count: 1,
    droppedCount: 1,
  };
  draft.emit({ ...event });
  draft.emit({ ...event, count: 2 });

  expect(draft.events).toEqual([
    { ...event, seq: 7, atMs: 500 },
    { ...event, count: 2, seq: 8, atMs: 500 },
  ]);
  expect(draft.state.nextSeq).toBe(9);
});

it('a turn and a response are found by their ids', () => {
  const draft = draftOf();

  expect(draft.turn('two' as TurnId)).toBe(draft.state.turns[1]);
  expect(draft.turn(NONE)).toBeUndefined();
  expect(draft.response('b' as ResponseId)?.text).toBe('b');
  expect(draft.response('c' as ResponseId)?.text).toBe('c');
  expect(draft.response(NONE)).toBeUndefined();
});

it('a change of a turn changes that turn alone, and of it what was said', () => {
  const draft = draftOf();
  draft.patchTurn('two' as TurnId, { live: true });

  expect(draft.state.turns).toEqual([stateOf().turns[0], { ...stateOf().turns[1], live: true }]);
});

it.each(['a', 'b'])('a change of response %s changes it alone, in its place', (id) => {
  const draft = draftOf();
  draft.patchResponse(id as ResponseId, { text: 'changed' });

  expect(turnsOf(draft.state)).toEqual([
    ['one', id === 'a' ? ['changed', 'thinking', 'b'] : ['a', 'thinking', 'changed']],
    ['two', ['c']],
  ]);
  expect(draft.response(id as ResponseId)).toMatchObject({ id, turnId: 'one', textEnded: false });
});

it('a response is removed, and the states and the other responses of its turn stay', () => {
  const draft = draftOf();
  draft.dropResponse('a' as ResponseId);

  expect(turnsOf(draft.state)).toEqual([
    ['one', ['thinking', 'b']],
    ['two', ['c']],
  ]);
});

it('the first item of a turn is removed', () => {
  const draft = draftOf();
  draft.shiftItem('one' as TurnId);

  expect(turnsOf(draft.state)).toEqual([
    ['one', ['thinking', 'b']],
    ['two', ['c']],
  ]);
});

it('a turn is removed', () => {
  const draft = draftOf();
  draft.dropTurn('one' as TurnId);

  expect(turnsOf(draft.state)).toEqual([['two', ['c']]]);
});

it('what is not there is not changed, and nothing is thrown', () => {
  const draft = draftOf();
  draft.patchTurn(NONE, { live: true });
  draft.patchResponse(NONE, { text: 'changed' });
  draft.dropResponse(NONE);
  draft.shiftItem(NONE);
  draft.dropTurn(NONE);

  expect(turnsOf(draft.state)).toEqual(BEFORE);
  expect(draft.state.turns.map(({ live }) => live)).toEqual([false, false]);
});

it('a response whose turn is gone is not changed, and nothing is thrown', () => {
  const [one, two] = stateOf().turns as [TurnState, TurnState];
  const strayed = { ...one, items: [itemOf('a', 'gone')] };
  const draft = draftOf({ ...stateOf(), turns: [strayed, two] });
  draft.patchResponse('a' as ResponseId, { text: 'changed' });
  draft.dropResponse('a' as ResponseId);

  expect(turnsOf(draft.state)).toEqual([
    ['one', ['a']],
    ['two', ['c']],
  ]);
});
