// Tests for SPEC.md, MM1: which of the responses that have ended are kept.
import { expect, it } from 'vitest';
import type { AgentMs, ResponseId } from '../src/index.ts';
import { Stage } from './support/stage.ts';

/** Says responses one after the other, each heard to its end. */
function hear(stage: Stage, count: number): ResponseId[] {
  return Array.from({ length: count }, () => {
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(200);
    return id;
  });
}

const kept = (stage: Stage): ResponseId[] =>
  stage.timeline.state.recent.map(({ ref }) => ref.responseId);

it('[MM1] the last sixteen are kept, in their order', () => {
  const stage = new Stage();
  const ids = hear(stage, 16);
  expect(kept(stage)).toEqual(ids);

  const [seventeenth] = hear(stage, 1);
  expect(kept(stage)).toEqual([...ids.slice(1), seventeenth]);
});

it('[MM1] one whose audio was cut before any of it sounded goes before one that was heard', () => {
  const stage = new Stage();
  const first = hear(stage, 8);
  const unheard = stage.say(stage.openTurn(), 'Two.', 100);
  stage.cut();
  const second = hear(stage, 7);
  expect(kept(stage)).toEqual([...first, unheard, ...second]);

  const third = hear(stage, 1);
  expect(kept(stage)).toEqual([...first, ...second, ...third]);
});

it('[MM1][AU18] one that may have been heard is not taken for one that cannot', () => {
  const stage = new Stage();
  stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
  const perhaps = stage.say(stage.openTurn(), 'Two.', 100);
  stage.clock.advance(50);
  stage.cut();
  stage.clock.advance(1000);
  stage.timeline.audibilityChanged('listening');
  const heard = hear(stage, 14);
  stage.say(stage.openTurn(), 'Three.', 100);
  stage.cut();
  const last = hear(stage, 1);

  expect(kept(stage)).toEqual([perhaps, ...heard, ...last]);
});

it('[MM1] the one that has just ended stays, though nothing of it sounded', () => {
  const stage = new Stage();
  const heard = hear(stage, 16);
  const unheard = stage.say(stage.openTurn(), 'Two.', 100);
  stage.cut();

  expect(kept(stage)).toEqual([...heard.slice(1), unheard]);
});
