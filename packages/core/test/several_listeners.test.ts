// Tests for SPEC.md, "Who can hear": what one of several listeners reports says nothing of what the others heard.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Listeners } from '../src/index.ts';
import { perhapsHeard } from '../src/step/outcome/perhaps_heard.ts';
import { silent } from './support/silent_listener.ts';

/** A response of 500 ms, sent at 0. From 300 ms on all listeners are muted, as is told 10 ms later. */
function mutedAt300(listeners: Listeners) {
  const { stage, report } = silent();
  stage.timeline.listenersCounted(listeners);
  const id = stage.say(stage.openTurn(), 'One two three four.', 500);
  const muteNow = (): void => {
    stage.clock.advance(310);
    stage.timeline.audibilityChanged('muted', { sinceMs: 300 as AgentMs });
  };
  return { stage, report, id, muteNow };
}

describe('several listeners, of whom one reports', () => {
  /** It played all of it later than the others, while everybody was muted. */
  function reportedMuted(listeners: Listeners) {
    const { stage, report, id, muteNow } = mutedAt300(listeners);
    muteNow();
    stage.clock.advance(600);
    report(id, 500, { startMs: 350, atMs: 850, phase: 'ended' });
    return { stage, id };
  }

  it('[AU22] another may have heard what one reports as played while he was muted', () => {
    const { stage, id } = reportedMuted('several');

    expect(stage.events.only('response_skipped')).toMatchObject({
      reason: 'not_known',
      inaudible: [
        { why: 'silent', fromMs: 0, toMs: 300 },
        { why: 'muted', fromMs: 300, toMs: 500 },
      ],
    });
    expect(perhapsHeard(stage.timeline.state, id)?.heardText).not.toBe('');
  });

  it('[AU22] of the only one it is known that he did not hear it', () => {
    const { stage, id } = reportedMuted('one');

    expect(stage.events.only('response_skipped')).toMatchObject({
      reason: 'muted',
      inaudible: [{ why: 'muted', fromMs: 0, toMs: 500 }],
    });
    expect(perhapsHeard(stage.timeline.state, id)).toBeUndefined();
  });

  it('[AU22] one who left before the report may have heard it too', () => {
    const { stage, report, id, muteNow } = mutedAt300('several');
    muteNow();
    stage.timeline.listenersCounted('one');
    stage.clock.advance(600);
    report(id, 500, { startMs: 350, atMs: 850, phase: 'ended' });

    expect(stage.events.only('response_skipped').reason).toBe('not_known');
  });

  it('[AU22] nobody heard what was sent while all of them were muted', () => {
    const { stage, report } = silent();
    stage.timeline.listenersCounted('several');
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(1000);
    const id = stage.say(stage.openTurn(), 'One two three four.', 500);
    stage.clock.advance(600);
    report(id, 500, { startMs: 1050, atMs: 1550, phase: 'ended' });

    expect(stage.events.only('response_skipped').reason).toBe('muted');
  });

  it('[AU22] one who joined meanwhile may have heard it', () => {
    const { stage, report, id, muteNow } = mutedAt300('one');
    stage.timeline.listenersCounted('several');
    muteNow();
    stage.clock.advance(600);
    report(id, 500, { startMs: 350, atMs: 850, phase: 'ended' });

    expect(stage.events.only('response_skipped').reason).toBe('not_known');
  });

  it('[AU22] of a response that one has heard in part, another may have heard more', () => {
    const { stage, report, id, muteNow } = mutedAt300('several');
    muteNow();
    stage.clock.advance(600);
    report(id, 500, { startMs: 200, atMs: 700, phase: 'ended' });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 100,
      inaudible: [
        { why: 'silent', fromMs: 100, toMs: 300 },
        { why: 'muted', fromMs: 300, toMs: 500 },
      ],
    });
  });

  it.each([
    { listeners: 'one', corrected: 1 },
    { listeners: 'several', corrected: 0 },
  ] as const)(
    '[AU22][PB19] a late cut takes back what was heard by estimate of $listeners: $corrected',
    ({ listeners, corrected }) => {
      const { stage, report } = silent({ reportTimeoutMs: 100 });
      stage.timeline.listenersCounted(listeners);
      const id = stage.say(stage.openTurn(), 'One two three four.', 500);
      stage.clock.advance(1000);
      expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
      report(id, 200, { startMs: 0, atMs: 200, phase: 'cut' });

      expect(stage.events.ofType('response_outcome_corrected')).toHaveLength(corrected);
    },
  );
});
