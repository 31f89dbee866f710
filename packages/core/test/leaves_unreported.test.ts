// Tests for SPEC.md, "Who can hear": a listener that reports nothing, and of whom it gets known that he cannot hear any more.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility, CutReach } from '../src/index.ts';
import { Stage } from './support/stage.ts';

interface Leaving {
  readonly audibility?: Audibility;
  readonly pathMs?: number;
  readonly reaches?: CutReach;
  /** Somebody is there again 5 s later, when playout goes on. Otherwise nobody is. */
  readonly comesBack?: boolean;
  /** How long before it is told it was so, ms. */
  readonly toldAfterMs?: number;
}

/** A response of 3 s, of which a listener that reports nothing has heard 1 s by the estimate when he goes. */
function leaves({
  audibility = 'nobody',
  pathMs = 0,
  reaches = 'queue',
  comesBack = false,
  toldAfterMs = 0,
}: Leaving = {}) {
  const stage = new Stage({ options: { estimateDelayMs: pathMs } });
  stage.say(stage.openTurn(), 'One two three.', 3000);
  stage.clock.advance(1000 + pathMs + toldAfterMs);
  stage.timeline.pause(reaches);
  const sinceMs = (1000 + pathMs) as AgentMs;
  stage.timeline.audibilityChanged(audibility, { sinceMs });
  stage.clock.advance(5000);
  if (comesBack) stage.timeline.audibilityChanged('listening');
  stage.timeline.resume();
  stage.clock.advance(5000);
  return stage.events.only('response_playback_finished');
}

describe('[AU3] a listener that reports nothing', () => {
  it.each(['nobody', 'muted', 'silent'] as const)(
    '[AU3] has heard by estimate what had sounded before there was %s',
    (audibility) => {
      expect(leaves({ audibility })).toMatchObject({
        outcome: 'partly_heard',
        evidence: 'estimate',
        heardMs: 1000,
        inaudible: [{ why: audibility, fromMs: 1000, toMs: 3000 }],
      });
    },
  );

  it('[AU3][AU16] may have heard what was on its way when he went, since his path was never measured', () => {
    expect(leaves({ pathMs: 200 })).toMatchObject({
      heardMs: 1000,
      inaudible: [
        { why: 'silent', fromMs: 1000, toMs: 1200 },
        { why: 'nobody', fromMs: 1200, toMs: 3000 },
      ],
    });
  });

  it('[AU3] has heard the beginning, and the next one the rest', () => {
    expect(leaves({ comesBack: true })).toMatchObject({ outcome: 'heard', heardMs: 3000 });
  });

  it('[AU6] has not heard what sounded until it got known that he had gone', () => {
    expect(leaves({ toldAfterMs: 300 })).toMatchObject({ heardMs: 1000 });
  });
});
