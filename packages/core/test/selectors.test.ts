// What adapters read from the state of a timeline.
import { expect, it } from 'vitest';
import type { ResponseId, Turn } from '../src/index.ts';
import { isAudible, nextInTurn, responseOf, takesAudio, turnOf } from '../src/internal.ts';
import { Stage } from './support/stage.ts';

const NOBODY = 'nobody' as ResponseId;

/** Two turns of two responses each, with a state between them; the first of all has audio. */
function twoTurns() {
  const stage = new Stage();
  const [one, two] = ['speech-1', 'speech-2'].map((speechId) => {
    const turn = stage.timeline.openTurn({ speechId });
    turn.goLive();
    return turn;
  }) as [Turn, Turn];
  const first = one.begin({}).id;
  one.addText('First. ');
  one.queueAgentState('thinking');
  const second = one.begin({}).id;
  one.addText('Second.');
  const other = two.begin({}).id;
  stage.send(first, 1000);
  return { stage, one, two, first, second, other, state: () => stage.timeline.state };
}

it('[RS5] a response is found while it has not ended, and so is its turn', () => {
  const { one, two, first, second, other, state } = twoTurns();

  for (const [id, turn] of [
    [first, one],
    [second, one],
    [other, two],
  ] as const) {
    expect(responseOf(state(), id)?.id).toBe(id);
    expect(turnOf(state(), id)?.id).toBe(turn.id);
  }
  expect(responseOf(state(), NOBODY)).toBeUndefined();
  expect(turnOf(state(), NOBODY)).toBeUndefined();
});

it('[RS5] what comes after a response in its turn is other responses of that turn', () => {
  const { first, second, other, state } = twoTurns();

  expect(nextInTurn(state(), first).map(({ id }) => id)).toEqual([second]);
  expect(nextInTurn(state(), second)).toEqual([]);
  expect(nextInTurn(state(), other)).toEqual([]);
  expect(nextInTurn(state(), NOBODY)).toEqual([]);
});

it('[RS5] a response takes audio until its audio has ended, it is cut, or its turn has ended', () => {
  const { stage, first, second, other, state } = twoTurns();
  const takers = (): ResponseId[] =>
    [first, second, other, NOBODY].filter((id) => takesAudio(state(), id));

  expect(takers()).toEqual([first, second, other]);
  stage.endAudio(first);
  expect(takers()).toEqual([second, other]);
  stage.send(second, 1000);
  stage.cut();
  expect(takers()).toEqual([]);
});

it('[RS5] a speech may sound from its first audio until that has ended or is cut', () => {
  const { stage, first, second, state } = twoTurns();
  const sounding = (): string[] =>
    ['speech-1', 'speech-2', 'speech-3'].filter((id) => isAudible(state(), id));

  expect(sounding()).toEqual(['speech-1']);
  stage.endAudio(first);
  stage.clock.advance(60_000);
  expect(sounding()).toEqual([]);
  stage.send(second, 1000);
  expect(sounding()).toEqual(['speech-1']);
  stage.cut();
  expect(sounding()).toEqual([]);
});
