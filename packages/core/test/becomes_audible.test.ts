// Tests for SPEC.md, "Who can hear", "Playback" and "Marks": a response of which nobody could hear the beginning.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { answered } from './support/late_reports.ts';
import { samplesIn } from './support/stage.ts';

/** A listener that is muted from the beginning. */
function muted() {
  const made = answered();
  made.stage.timeline.audibilityChanged('muted');
  const start = () => made.stage.events.only('response_playback_started');
  const unmute = (sinceMs: number): void =>
    made.stage.timeline.audibilityChanged('listening', { sinceMs: sinceMs as AgentMs });
  return { ...made, start, unmute };
}

describe('the start of a response that becomes audible', () => {
  it('[AU5] is not before the response, if it was muted until then only by what was known', () => {
    const { stage, say, report, start, unmute } = muted();
    stage.clock.advance(1000);
    const id = say();
    stage.clock.advance(300);
    report(id, { startMs: 1000, heardMs: 200, atMs: 1200 });

    unmute(500);

    expect(start().startedAtMs).toBe(1000);
  });

  it('[AU5] is known no better than the time for which the listener stood still', () => {
    const { stage, say, report, start, unmute } = muted();
    const id = say();
    stage.clock.advance(100);
    report(id, { heardMs: 100, atMs: 100 });
    unmute(100);
    stage.clock.advance(300);

    // 100 of 300 ms: the first of them sounded at some instant from 100 to 300 ms.
    report(id, { heardMs: 200, atMs: 400 });

    expect(start()).toMatchObject({ startedAtMs: 200, errorBoundMs: 5 + 100 });
  });

  it('[AU5] is known no better than the instant at which the page unmuted', () => {
    const { stage, say, report, start } = muted();
    const id = say();
    stage.clock.advance(150);
    report(id, { heardMs: 100, atMs: 100 });
    const unmuted = { sinceMs: 100 as AgentMs, sinceErrorBoundMs: 20 };
    stage.timeline.audibilityChanged('listening', unmuted);
    stage.clock.advance(150);

    report(id, { heardMs: 300, atMs: 300 });

    expect(start()).toMatchObject({ startedAtMs: 100, errorBoundMs: 20 });
  });

  it('[AU5] is known no better than that, also if the listener did not answer then', () => {
    const { stage, say, report, start } = muted();
    const id = say();
    stage.clock.advance(150);
    report(id, { heardMs: 100, atMs: 100 });
    const unmuted = { sinceMs: 100 as AgentMs, sinceErrorBoundMs: 20 };
    stage.timeline.audibilityChanged('listening', unmuted);
    stage.timeline.listenerAnswers(false, 100 as AgentMs);
    stage.clock.advance(150);
    stage.timeline.listenerAnswers(true, 300 as AgentMs);

    report(id, { heardMs: 300, atMs: 300 });

    expect(start()).toMatchObject({ startedAtMs: 100, errorBoundMs: 20 });
  });

  it.each([
    [106, 14],
    [103, 23],
    [130, 5],
  ])(
    '[AU5] of a response that begins at %i ms, just after an unmute at 100 ± 20 ms, has a bound of %i ms',
    (startMs, errorBoundMs) => {
      const { stage, say, report, start } = muted();
      stage.clock.advance(100);
      const id = say();
      stage.timeline.audibilityChanged('listening', {
        sinceMs: 100 as AgentMs,
        sinceErrorBoundMs: 20,
      });
      stage.clock.advance(150);

      report(id, { startMs, heardMs: 100, atMs: startMs + 100 });

      expect(start()).toMatchObject({ startedAtMs: startMs, errorBoundMs });
      report(id, { startMs, heardMs: 110, atMs: startMs + 110 });
      expect(stage.events.ofType('response_playback_refined')).toEqual([]);
    },
  );

  it('[AU5][PB5] is known no better than the unmute just before it after the response has ended either', () => {
    const { stage, say, report, start } = muted();
    stage.clock.advance(100);
    const id = say();
    const unmuted = { sinceMs: 100 as AgentMs, sinceErrorBoundMs: 20 };
    stage.timeline.audibilityChanged('listening', unmuted);
    stage.clock.advance(150);
    report(id, { startMs: 103, heardMs: 100, atMs: 203, errorBoundMs: 50 });
    stage.clock.advance(850);
    report(id, { startMs: 103, heardMs: 1000, atMs: 1103, phase: 'ended', errorBoundMs: 50 });
    stage.events.only('response_playback_finished');

    report(id, { startMs: 106, heardMs: 1000, atMs: 1106, phase: 'ended' });

    expect(start()).toMatchObject({ startedAtMs: 103, errorBoundMs: 50 });
    const refined = stage.events.ofType('response_playback_refined');
    expect(refined).toMatchObject([{ startedAtMs: 106, errorBoundMs: 14 }]);
  });

  it('[AU5][PB5] stays when somebody could hear it, whatever is reported of the first sample after the end', () => {
    const { stage, say, report, start, unmute } = muted();
    const id = say();
    stage.clock.advance(500);
    unmute(500);
    stage.clock.advance(2000);
    stage.events.only('response_playback_finished');

    report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(start()).toMatchObject({ startedAtMs: 500, evidence: 'estimate' });
    expect(stage.events.ofType('response_playback_refined')).toEqual([]);
  });

  it('[AU5] is that of the response, if the unmute becomes known late', () => {
    const { stage, say, report, start, unmute } = muted();
    stage.clock.advance(1000);
    const id = say();
    stage.clock.advance(200);
    report(id, { startMs: 1000, heardMs: 100, atMs: 1100 });

    unmute(500);

    expect(start()).toMatchObject({ startedAtMs: 1000, errorBoundMs: 5 });
  });

  it('[PB5] gives way to a better one before somebody can hear it', () => {
    const { stage, say, report, start, unmute } = muted();
    const id = say();
    stage.clock.advance(50);
    report(id, { startMs: 340, heardMs: 1, atMs: 340, errorBoundMs: 350 });
    report(id, { startMs: 10, heardMs: 40, atMs: 50 });
    unmute(50);
    stage.clock.advance(100);

    report(id, { startMs: 10, heardMs: 140, atMs: 150 });

    expect(start()).toMatchObject({ startedAtMs: 50, errorBoundMs: 5 });
  });

  it('[AU5] is known no better than the first report of a listener that came in the middle', () => {
    const { stage, say, report } = answered();
    stage.timeline.listenerChanged(false);
    stage.timeline.audibilityChanged('nobody');
    const id = say();
    stage.clock.advance(200);
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(200);

    report(id, { heardMs: 400, atMs: 400 });

    const start = stage.events.only('response_playback_started');
    expect(start).toMatchObject({ startedAtMs: 300, errorBoundMs: 5 + 100 });
  });

  it('[AU5] is not known better because the listener did not answer meanwhile', () => {
    const { stage, say, report, start, unmute } = muted();
    const id = say();
    stage.clock.advance(100);
    report(id, { heardMs: 100, atMs: 100 });
    unmute(100);
    stage.timeline.listenerAnswers(false, 100 as AgentMs);
    stage.clock.advance(280);
    stage.timeline.listenerAnswers(true, 380 as AgentMs);
    stage.clock.advance(20);

    report(id, { heardMs: 200, atMs: 400 });

    expect(start()).toMatchObject({ startedAtMs: 200, errorBoundMs: 5 + 100 });
  });

  it('[AU5] of one who came in the middle, and was muted at first, is known no better than his first report', () => {
    const { stage, say, report } = answered();
    stage.timeline.listenerChanged(false);
    stage.timeline.audibilityChanged('nobody');
    const id = say();
    stage.clock.advance(200);
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(20);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(180);

    report(id, { heardMs: 400, atMs: 400 });

    const start = stage.events.only('response_playback_started');
    expect(start).toMatchObject({ startedAtMs: 310, errorBoundMs: 5 + 90 });
  });

  it('[AU12] is known again of a listener that answers, whenever it began not to', () => {
    const { stage, say } = answered();
    stage.timeline.audibilityChanged('muted');
    stage.timeline.listenerAnswers(false);
    stage.clock.advance(100);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(100);
    stage.timeline.listenerAnswers(true);
    stage.clock.advance(100);
    say();

    stage.clock.advance(10_000);

    expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
  });

  it('[AU5][PB9] is that of a page that played on, since it got to know of a pause too late', () => {
    const { stage, say, report, start, unmute } = muted();
    const id = say();
    stage.clock.advance(300);
    report(id, { heardMs: 300, atMs: 300 });
    stage.timeline.pause();
    stage.clock.advance(100);
    unmute(350);
    stage.timeline.resume();
    stage.clock.advance(10);

    report(id, { heardMs: 410, atMs: 410 });

    expect(start()).toMatchObject({ startedAtMs: 350, errorBoundMs: 5 });
  });

  it('[AU5][PB5] a measured start replaces an estimated one that nobody was told of', () => {
    const { stage, say, report, start, unmute } = muted();
    stage.timeline.pathEstimated(300, 10);
    const id = say();
    // The report of the start, expected at 300 ms, is overdue.
    stage.clock.advance(850);
    unmute(100);

    report(id, { startMs: 200, heardMs: 600, atMs: 800 });

    expect(start()).toMatchObject({ startedAtMs: 200, evidence: 'device' });
  });

  it('[AU12] does not come by estimate from a mute that ended while the listener did not answer', () => {
    const { stage, say, unmute } = muted();
    stage.timeline.listenerAnswers(false, 0 as AgentMs);
    unmute(50);
    say();

    stage.clock.advance(800);
    void stage.timeline.close();

    expect(stage.events.ofType('response_playback_started')).toEqual([]);
  });
});

describe('a listener that was muted while it did not answer', () => {
  it('[AU6] heard nothing from then on, though that is known only when it answers', () => {
    const { stage, say, report } = answered();
    const id = say();
    stage.clock.advance(5000);
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.timeline.audibilityChanged('listening');

    stage.timeline.audibilityChanged('muted', { sinceMs: 400 as AgentMs });

    report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });
    const { heardMs } = stage.events.ofType('response_outcome_corrected').at(-1) ?? {};
    expect(heardMs).toBe(400);
  });
});

describe('marks of a response that becomes audible', () => {
  const marked = (setup: ReturnType<typeof answered>, textOffset?: number): string[] => {
    const reached: string[] = [];
    setup.stage.timeline.onAny((event) => {
      if (event.type === 'response_mark_reached') reached.push(event.name);
    });
    const turn = setup.stage.openTurn();
    turn.begin();
    turn.addText('One two three four.');
    turn.mark('here', textOffset === undefined ? {} : { textOffset });
    turn.endResponse();
    return reached;
  };
  const sendFirst = ({ stage }: ReturnType<typeof answered>) => {
    const [response] = stage.events.ofType('response_declared');
    const id = response?.responseId;
    if (id === undefined) throw new Error('nothing was declared');
    stage.send(id, 1000);
    stage.timeline.wordsTimed(id, [
      { text: 'One two ', endSamples: samplesIn(500) },
      { text: 'three four.', endSamples: samplesIn(1000) },
    ]);
    stage.endAudio(id);
    return id;
  };

  it('[MK1] one that was due while the listener was muted does not hold up those after it', () => {
    const setup = answered();
    const reached: string[] = [];
    setup.stage.timeline.onAny((event) => {
      if (event.type === 'response_mark_reached') reached.push(`${event.name} ${event.atMs}`);
    });
    setup.stage.timeline.listenerChanged(false);
    const turn = setup.stage.openTurn();
    turn.begin();
    turn.addText('One two three four.');
    turn.mark('muted', { textOffset: 8 });
    turn.mark('heard', { textOffset: 14 });
    turn.endResponse();
    const [{ responseId: id } = { responseId: '' as never }] =
      setup.stage.events.ofType('response_declared');
    setup.stage.send(id, 10_000);
    setup.stage.timeline.wordsTimed(id, [
      { text: 'One two ', endSamples: samplesIn(2000) },
      { text: 'three ', endSamples: samplesIn(5000) },
      { text: 'four.', endSamples: samplesIn(10_000) },
    ]);
    setup.stage.endAudio(id);
    setup.stage.clock.advance(1500);
    setup.stage.timeline.audibilityChanged('muted');
    setup.stage.clock.advance(1500);
    setup.stage.timeline.audibilityChanged('listening');

    setup.stage.clock.advance(4000);

    expect(reached).toEqual(['heard 5000']);
  });

  it('[MK1] one at the start is reached, if the mute turns out to have ended before it', () => {
    const setup = muted();
    const reached = marked(setup, 0);
    const id = sendFirst(setup);
    setup.stage.clock.advance(100);
    setup.report(id, { startMs: 50, heardMs: 20, atMs: 70 });
    expect(reached).toEqual([]);

    setup.unmute(40);

    expect(reached).toEqual(['here']);
  });

  it('[MK1][AU14] one that was due while the listener did not answer is reached by its report', () => {
    const setup = answered();
    const reached = marked(setup, 8);
    const id = sendFirst(setup);
    setup.stage.clock.advance(400);
    setup.report(id, { heardMs: 400, atMs: 400 });
    setup.stage.timeline.listenerAnswers(false, 400 as AgentMs);
    setup.stage.clock.advance(300);
    setup.stage.timeline.listenerAnswers(true, 700 as AgentMs);
    setup.stage.clock.advance(400);
    expect(reached).toEqual([]);

    setup.report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(reached).toEqual(['here']);
  });
});
