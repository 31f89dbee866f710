// Tests for SPEC.md, "Listener and wire": the limits of what can have been heard, to the millisecond.
import { describe, expect, it } from 'vitest';
import type { AgentMs, PlayheadReport, ResponseId } from '../src/index.ts';
import {
  asPossible,
  isFirstStart,
  mayHaveEndedBy,
  plausibleDelayMs,
  refusalOf,
  withinTime,
} from '../src/step/claims/physics.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import type { ResponseState, SentAudio } from '../src/step/state/state.ts';
import { Stage, samplesIn } from './support/stage.ts';

const at = (ms: number): AgentMs => ms as AgentMs;

type Claim = Partial<Pick<PlayheadReport, 'errorBoundMs'>> & {
  readonly heardMs: number;
  readonly startMs: number;
  readonly atMs: number;
};

const reportOf = (
  responseId: ResponseId,
  { heardMs, startMs, atMs, errorBoundMs = 0 }: Claim,
): PlayheadReport => ({
  responseId,
  heardSamples: samplesIn(heardMs),
  startedAtMs: at(startMs),
  positionAtMs: at(atMs),
  phase: 'playing',
  evidence: 'device',
  errorBoundMs,
});

const judged = (stage: Stage, id: ResponseId, claim: Claim): string | undefined =>
  refusalOf(stage.timeline.state, reportOf(id, claim), stage.clock.nowMs());

/** Ten seconds, sent at 1000. It is 2000 now. */
function tenSeconds(): { stage: Stage; id: ResponseId; response: ResponseState; audio: SentAudio } {
  const stage = new Stage({ options: { reportTimeoutMs: 60_000 } });
  stage.timeline.listenerChanged(true);
  stage.clock.advance(1000);
  const id = stage.say(stage.openTurn(), 'Ten seconds.', 10_000);
  stage.clock.advance(1000);
  const response = responseOf(stage.timeline.state, id);
  if (!response?.audio) throw new Error('its audio has been sent');
  return { stage, id, response, audio: response.audio };
}

describe('[LW9] a claim', () => {
  it.each([
    ['of no error', 0, undefined],
    ['of the largest bound', 10_000, undefined],
    ['with a bound beyond it', 10_001, 'out_of_range'],
    ['with a bound below 0', -1, 'out_of_range'],
  ])('%s', (_what, errorBoundMs, reason) => {
    const { stage, id } = tenSeconds();

    const claim = { heardMs: 500, startMs: 1100, atMs: 1600, errorBoundMs };
    expect(judged(stage, id, claim)).toBe(reason);
  });

  it('of an instant at most a second ahead', () => {
    const { stage, id } = tenSeconds();

    const claim = { heardMs: 500, startMs: 1100 };
    expect(judged(stage, id, { ...claim, atMs: 3000 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, atMs: 3000.1 })).toBe('in_future');
  });

  it('of a response that never was', () => {
    const { stage, id } = tenSeconds();
    stage.timeline.listenerChanged(false);
    stage.clock.advance(20_000);
    expect(responseOf(stage.timeline.state, id)).toBeUndefined();

    const claim = { heardMs: 500, startMs: 1100, atMs: 1600 };
    expect(judged(stage, id, claim)).toBeUndefined();
    expect(judged(stage, 'another' as ResponseId, claim)).toBe('unknown_response');
  });

  it('to have heard nothing is possible at any instant', () => {
    const { stage, id } = tenSeconds();

    expect(judged(stage, id, { heardMs: 0, startMs: 0, atMs: 10 })).toBeUndefined();
  });

  it('of a start as early as the audio left, but for rounding and the drift of the clocks since', () => {
    const { stage, id } = tenSeconds();

    const claim = { heardMs: 500, atMs: 1600 };
    expect(judged(stage, id, { ...claim, startMs: 1000 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, startMs: 1000 - 1e-7 })).toBeUndefined();
    // In 600 ms two clocks drift 1.2 ms apart.
    expect(judged(stage, id, { ...claim, startMs: 998.9 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, startMs: 998.7 })).toBe('before_it_left');
  });

  it('of as much as can have left by now: 200 ms more than was known, and the drift of the clocks', () => {
    const { stage, id } = tenSeconds();

    // 1000 ms are known to have left. In 1202 ms two clocks drift 2.4 ms apart.
    const claim = { startMs: 1000, atMs: 2300 };
    expect(judged(stage, id, { ...claim, heardMs: 1202 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, heardMs: 1203 })).toBe('before_it_left');
  });

  it('of what was sent in the very instant of a pause: the queue may have let out a tick or two', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    stage.clock.advance(1000);
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.timeline.pause('queue');
    stage.clock.advance(500);

    const claim = { startMs: 1000, atMs: 1400 };
    expect(judged(stage, id, { ...claim, heardMs: 20 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, heardMs: 201 })).toBe('before_it_left');
  });

  it('of 200 ms at once is possible; of 5 s more is too fast, and of less counts for 200 ms', () => {
    const { stage, id, response, audio } = tenSeconds();
    stage.clock.advance(5000);

    const claim = { startMs: 7000, atMs: 7000 };
    const used = (heardMs: number) =>
      withinTime(reportOf(id, { ...claim, heardMs }), response, audio).heardSamples;
    expect(judged(stage, id, { ...claim, heardMs: 5200 })).toBeUndefined();
    expect(judged(stage, id, { ...claim, heardMs: 5201 })).toBe('too_fast');
    expect([199, 200, 201, 5200].map(used)).toEqual([199, 200, 200, 200].map(samplesIn));
  });

  it('of a fast device counts in full up to 105 %', () => {
    const { id, response, audio } = tenSeconds();

    const used = (heardMs: number) =>
      withinTime(reportOf(id, { startMs: 1000, atMs: 2000, heardMs }), response, audio);
    expect(used(1250).heardSamples).toBe(samplesIn(1250));
    expect(used(1251).heardSamples).toBe(samplesIn(1250));
  });
});

describe('[LW15] the end of a response by the start of a later one', () => {
  it('may be as early as the clocks drift and a queue lets out a tick', () => {
    const { response } = tenSeconds();

    // All has left at 11,000, less 20 ms for the queue and 20 ms for ten seconds of drift.
    expect(mayHaveEndedBy(response, at(10_960))).toBe(true);
    expect(mayHaveEndedBy(response, at(10_959))).toBe(false);
  });

  it('drift counts only while the audio before it left without a break', () => {
    const { response, audio } = tenSeconds();
    const runs = audio.runs.map((run) => ({ ...run, unbrokenSinceMs: at(6000) }));

    const later = { ...response, audio: { ...audio, runs } };
    expect(mayHaveEndedBy(later, at(10_970))).toBe(true);
    expect(mayHaveEndedBy(later, at(10_969))).toBe(false);
  });

  it('is impossible for one whose rest a cut removed, and for one without audio', () => {
    const { response } = tenSeconds();

    const cut = { by: 'user_speech', atMs: at(3000), leftUntilMs: at(3000) };
    expect(mayHaveEndedBy({ ...response, cut } as ResponseState, at(20_000))).toBe(false);
    expect(mayHaveEndedBy({ ...response, audio: undefined } as ResponseState, at(1))).toBe(false);
  });
});

it('[LW10] a path is learned down to its bound and two ticks below nothing, and up to 5 s', () => {
  const bound = { errorBoundMs: 5 };

  expect([-26, -25, -24, 0, 70, 5000, 5001].map((ms) => plausibleDelayMs(ms, bound))).toEqual([
    undefined,
    0,
    0,
    0,
    70,
    5000,
    undefined,
  ]);
  expect(plausibleDelayMs(70, { errorBoundMs: 1000 })).toBe(70);
  expect(plausibleDelayMs(70, { errorBoundMs: 1001 })).toBeUndefined();
});

it('[LW9] a report of nothing heard is recorded as it is, one of sound not before that left', () => {
  const { id, audio } = tenSeconds();

  const nothing = reportOf(id, { heardMs: 0, startMs: 500, atMs: 500 });
  expect(asPossible(nothing, audio)).toBe(nothing);
  const early = reportOf(id, { heardMs: 100, startMs: 900, atMs: 1000, errorBoundMs: 200 });
  expect(asPossible(early, audio)).toEqual({
    ...early,
    startedAtMs: 1000,
    // 100 ms of sound have left at 1100, less 20 ms for the queue and 0.2 ms of drift.
    positionAtMs: 1100 - 20 - 0.2,
  });
});

it('[PB5] a report tells the first start if the sound fits between start and position', () => {
  const { id, audio } = tenSeconds();

  const from = { startMs: 1500, errorBoundMs: 0 };
  expect(isFirstStart(reportOf(id, { ...from, heardMs: 200, atMs: 1500 }), audio)).toBe(true);
  expect(isFirstStart(reportOf(id, { ...from, heardMs: 1250, atMs: 2500 }), audio)).toBe(true);
  expect(isFirstStart(reportOf(id, { ...from, heardMs: 1252, atMs: 2500 }), audio)).toBe(false);
});
