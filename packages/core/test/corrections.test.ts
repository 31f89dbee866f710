// Tests for SPEC.md, "Playback": a report that comes after the end of its response.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { replayTrace } from '../src/trace/index.ts';
import { answered, type Said, TEXT, unanswered } from './support/late_reports.ts';

describe('a response of which it was not known whether it was heard', () => {
  it('[PB19] was heard, says a late report: an event says what was heard, and what was told before', () => {
    const { stage, id, report } = unanswered(0);
    expect(stage.events.only('response_skipped').reason).toBe('not_known');

    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      responseId: id,
      outcome: 'heard',
      interrupted: false,
      startedAtMs: 0,
      positionAtMs: 1000,
      evidence: 'device',
      errorBoundMs: 5,
      heardMs: 1000,
      sentMs: 1000,
      heardText: TEXT,
      fullText: TEXT,
      before: { outcome: 'skipped', reason: 'not_known', heardMs: 0, heardText: '' },
    });
    expect(stage.events.only('response_outcome_corrected')).not.toHaveProperty('inaudible');
  });

  it('[PB19] was heard in part: the rest is still not known, until a report says it', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 300, atMs: 300 });

    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      outcome: 'partly_heard',
      heardText: 'One two three',
      heardTextMaxErrorWords: 7,
      inaudible: [{ why: 'silent', fromMs: 300, toMs: 1000 }],
    });

    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    expect(stage.events.ofType('response_outcome_corrected')).toMatchObject([
      { outcome: 'partly_heard' },
      { outcome: 'heard', before: { outcome: 'partly_heard', heardText: 'One two three' } },
    ]);
  });

  it('[PB19] was stopped: what was not played is not in doubt any more', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 400, atMs: 400, phase: 'cut' });

    const { outcome, interrupted, cutBy, heardText, heardTextMaxErrorWords } = stage.events.only(
      'response_outcome_corrected',
    );
    expect({ outcome, interrupted, cutBy, heardText, heardTextMaxErrorWords }).toEqual({
      outcome: 'cut',
      interrupted: true,
      cutBy: 'not_known',
      heardText: 'One two three four',
      heardTextMaxErrorWords: 0,
    });
  });

  it('[PB19] is not corrected by a report that it was not played, by an estimate, or by the same report again', () => {
    const { stage, report } = unanswered(0);
    report({ heardMs: 0, atMs: 900, startMs: 900, phase: 'cut' });
    report({ heardMs: 500, atMs: 500, evidence: 'estimate' });
    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);

    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    report({ heardMs: 500, atMs: 500 });
    expect(stage.events.ofType('response_outcome_corrected')).toHaveLength(1);
  });

  it('[PB19][TK1][SQ2] its task does not run late, and the state does not change', () => {
    const calls: string[] = [];
    const { stage, say, report } = answered({ task: () => void calls.push('task') });
    const id = say();
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.clock.advance(5000);
    stage.events.clear();

    report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(stage.events.all.map(({ type }) => type)).toEqual(['response_outcome_corrected']);
    expect(calls).toEqual([]);
  });
});

describe('a response that was heard in part', () => {
  it('[PB19][AU14] was heard whole, if the report is of an instant at most 3 s after the last one', () => {
    const { stage, report } = unanswered(200);
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 200,
    });
    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      outcome: 'heard',
      heardMs: 1000,
    });
  });

  it('[PB19][AU14] of what lies between two reports more than 3 s apart nothing is known', () => {
    const { stage, report } = unanswered(200);
    report({ heardMs: 800, atMs: 3201 });
    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);

    report({ heardMs: 1000, atMs: 3401, phase: 'ended' });
    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 400,
      heardText: 'One two nine ten.',
      inaudible: [{ why: 'silent', fromMs: 200, toMs: 800 }],
    });
  });

  it('[PB19][AU9] what sounded to a muted listener stays unheard: it reports what it plays', () => {
    const { stage, say, report } = answered();
    const id = say();
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.clock.advance(5000);
    stage.timeline.audibilityChanged('muted', { sinceMs: 600 as AgentMs });
    stage.timeline.audibilityChanged('listening', { sinceMs: 4000 as AgentMs });
    stage.clock.advance(100);

    report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });

    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      outcome: 'partly_heard',
      heardText: 'One two three four five six',
      inaudible: [{ why: 'muted', fromMs: 600, toMs: 1000 }],
    });
  });
});

it('[PB19][AU9] a position that is reported anew, of a later instant, does not unmute what sounded before it', () => {
  const { stage, say, report } = answered();
  const id = say();
  stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
  stage.clock.advance(600);
  stage.timeline.audibilityChanged('muted', { sinceMs: 600 as AgentMs });
  stage.clock.advance(3400);
  stage.timeline.audibilityChanged('listening');
  stage.clock.advance(1100);

  report(id, { heardMs: 1000, atMs: 5100, phase: 'ended' });

  expect(stage.events.only('response_outcome_corrected')).toMatchObject({
    heardText: 'One two three four five six',
    inaudible: [{ why: 'muted', fromMs: 600, toMs: 1000 }],
  });
});

it('[PB19][AU9] what was cut while muted stays unheard after the listener has unmuted, however far it sounded', () => {
  const { stage, say, report } = answered();
  stage.timeline.audibilityChanged('muted');
  stage.timeline.pathEstimated(300, 50);
  const id = say();
  stage.clock.advance(200);
  stage.cut();
  stage.clock.advance(3000);
  expect(stage.events.only('response_skipped').reason).toBe('cut');
  stage.timeline.audibilityChanged('listening');
  stage.clock.advance(100);
  say();
  stage.clock.advance(100);

  report(id, { heardMs: 190, atMs: 200, startMs: 10, phase: 'cut' });

  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

it('[PB19] a page that was reloaded in the middle says nothing of the audio before it', () => {
  const { stage, report } = unanswered(0);
  report({ startMs: 800, heardMs: 1000, atMs: 1000, phase: 'ended' });
  expect(stage.events.only('response_outcome_corrected')).toMatchObject({
    outcome: 'partly_heard',
    heardMs: 200,
    heardText: 'nine ten.',
    inaudible: [{ why: 'silent', fromMs: 0, toMs: 800 }],
  });
});

describe('a response that was heard by estimate', () => {
  /** Its listener reports nothing in time. */
  function estimated() {
    const { stage, say, report } = answered();
    const id = say();
    stage.clock.advance(3000);
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'heard',
      evidence: 'estimate',
    });
    return { stage, id, report: (said: Said) => report(id, said) };
  }

  it('[PB19] was not played to its end, says its listener', () => {
    const { stage, report } = estimated();
    report({ heardMs: 700, atMs: 700, phase: 'cut' });
    expect(stage.events.only('response_outcome_corrected')).toMatchObject({
      outcome: 'cut',
      heardMs: 700,
      heardText: 'One two three four five six seven',
      before: { outcome: 'heard', heardMs: 1000, heardText: TEXT },
    });
  });

  it('[PB19] a position in its middle does not say that the rest was not heard', () => {
    const { stage, report } = estimated();
    report({ heardMs: 700, atMs: 700 });
    report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
  });

  it('[PB19] a listener that joined later takes nothing back: another one may have heard it', () => {
    const { stage, report } = estimated();
    stage.timeline.listenerChanged(true);
    report({ heardMs: 0, atMs: 3000, startMs: 3000, phase: 'ended' });
    report({ heardMs: 700, atMs: 700, phase: 'cut' });
    expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
  });

  it('[PB19] what was once reported is not taken back', () => {
    const { stage, report } = estimated();
    report({ heardMs: 700, atMs: 700, phase: 'cut' });
    report({ heardMs: 300, atMs: 300, phase: 'cut' });
    expect(stage.events.only('response_outcome_corrected').heardMs).toBe(700);

    // A second listener has heard more.
    report({ heardMs: 900, atMs: 900, phase: 'cut' });
    expect(stage.events.ofType('response_outcome_corrected')[1]).toMatchObject({
      heardMs: 900,
      before: { outcome: 'cut', heardMs: 700 },
    });
  });
});

it('[PB19] an end that was reported is not taken back', () => {
  const { stage, say, report } = answered();
  const id = say();
  stage.clock.advance(1000);
  report(id, { heardMs: 1000, atMs: 1000, phase: 'ended' });
  report(id, { heardMs: 700, atMs: 700, phase: 'cut' });
  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

it('[PB19] a cut whose report came too late has the reported position', () => {
  const { stage, say, report } = answered();
  const id = say();
  stage.clock.advance(500);
  stage.cut();
  stage.clock.advance(3000);
  expect(stage.events.only('response_playback_finished')).toMatchObject({
    outcome: 'cut',
    evidence: 'estimate',
    heardMs: 500,
  });
  report(id, { heardMs: 300, atMs: 400, startMs: 100, phase: 'cut' });
  expect(stage.events.only('response_outcome_corrected')).toMatchObject({
    outcome: 'cut',
    cutBy: 'user_speech',
    heardMs: 300,
    heardText: 'One two three',
  });
});

it('[PB19][LW9] a late report that cannot be true is dropped, and corrects nothing', () => {
  const { stage, report } = unanswered(0);
  report({ heardMs: 1001, atMs: 2000, phase: 'ended' });
  report({ heardMs: 900, atMs: 300 });
  expect(stage.events.ofType('report_dropped').map(({ reason }) => reason)).toEqual([
    'not_sent',
    'before_it_left',
  ]);
  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

it('[PB19][MM1] a report of a response before the last sixteen is dropped, and counted', () => {
  const { stage, say, report } = answered();
  const first = say();
  stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
  for (let nth = 0; nth < 16; nth += 1) {
    stage.clock.advance(3000);
    say();
  }
  stage.clock.advance(3000);
  report(first, { heardMs: 1000, atMs: 1000, phase: 'ended' });
  expect(stage.events.only('report_dropped').reason).toBe('unknown_response');
  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

it('[PB19][CL1] after close there is no correction', async () => {
  const { stage, report } = unanswered(0);
  await stage.timeline.close();
  report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
  expect(stage.events.ofType('response_outcome_corrected')).toEqual([]);
});

it('[PB19][TR2] a trace with a correction replays', () => {
  const { stage, report } = unanswered(200);
  report({ heardMs: 1000, atMs: 1000, phase: 'ended' });
  expect(replayTrace(stage.trace).events).toEqual(stage.events.all);
});
