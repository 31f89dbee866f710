import { describe, expect, it } from 'vitest';
import { silent } from './support/silent_listener.ts';
import { Stage, samplesIn } from './support/stage.ts';

const never = (): Promise<void> => new Promise(() => {});

/** Nobody reports: the estimate counts, which begins with the audio. */
function estimated(): Stage {
  return new Stage({ options: { estimateErrorBoundMs: 0 } });
}

describe('a cut', () => {
  it('[PB5] after the last sample, of which no report comes, cut nothing: the response is heard', () => {
    const stage = estimated();
    stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(50);
    stage.timeline.listenerChanged(true);
    stage.clock.advance(150);
    stage.cut();
    stage.clock.advance(1000);

    const end = stage.events.only('response_playback_finished');
    expect(end).toMatchObject({ outcome: 'heard', interrupted: false, endedAtMs: 100 });
    expect(end).not.toHaveProperty('cutBy');
  });

  it('[LW9] after the last sample does not hold back what is sent next: its report is believed', () => {
    const { stage, report } = silent({ estimateErrorBoundMs: 0 });
    stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(200);
    stage.cut();
    stage.clock.advance(1000);
    const next = stage.say(stage.openTurn(), 'Two.', 100);
    stage.clock.advance(100);
    report(next, 100, { startMs: 1200, atMs: 1300, phase: 'ended' });

    expect(stage.events.ofType('report_dropped')).toEqual([]);
    expect(stage.events.ofType('response_playback_finished').map(({ outcome }) => outcome)).toEqual(
      ['heard', 'heard'],
    );
  });

  it('[PB18] with at most 20 ms gone from the queue: not heard if its listener reports, else heard by estimate', () => {
    const cutSoon = (reach: 'ear' | 'queue', listens: boolean): readonly string[] => {
      const stage = estimated();
      if (listens) stage.timeline.listenerChanged(true);
      stage.say(stage.openTurn(), 'One.', 1000);
      stage.clock.advance(10);
      stage.timeline.cut('user_speech', reach);
      stage.clock.advance(1000);
      return stage.events.types('response_skipped', 'response_playback_started');
    };

    expect(cutSoon('queue', true)).toEqual(['response_skipped']);
    expect(cutSoon('queue', false)).toEqual(['response_playback_started']);
    expect(cutSoon('ear', true)).toEqual(['response_playback_started']);
  });

  it('[AU5] of a response that nobody could hear so far announces no start', () => {
    const stage = estimated();
    stage.timeline.audibilityChanged('muted');
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(700);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.ofType('response_playback_started')).toEqual([]);
    expect(stage.events.only('response_skipped').reason).toBe('muted');
  });

  it('[LK19] that only the listener tells of has a cause that is not known', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(500);
    report(id, 400, { startMs: 0, atMs: 400, phase: 'cut' });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      cutBy: 'not_known',
    });
  });

  it('[HT7] by estimate is exact where it stopped the queue, and off by its bound where it did not', () => {
    const errorOf = (reach: 'ear' | 'queue', listens = false): number => {
      const stage = new Stage();
      if (listens) stage.timeline.listenerChanged(true);
      const id = stage.say(stage.openTurn(), 'One two.', 1000);
      stage.timeline.wordsTimed(id, [
        { text: 'One ', endSamples: samplesIn(500) },
        { text: 'two.', endSamples: samplesIn(1000) },
      ]);
      stage.clock.advance(550);
      stage.timeline.cut('code', reach);
      stage.clock.advance(1000);
      const end = stage.events.only('response_playback_finished');
      expect(end).toMatchObject({ outcome: 'cut', evidence: 'estimate', heardText: 'One' });
      return end.heardTextMaxErrorWords;
    };

    expect(errorOf('queue')).toBe(0);
    expect(errorOf('ear')).toBe(1);
  });

  it('[HT7] that an output reports is off by its bound, though it stopped the queue', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.timeline.wordsTimed(id, [
      { text: 'One ', endSamples: samplesIn(500) },
      { text: 'two.', endSamples: samplesIn(1000) },
    ]);
    stage.clock.advance(550);
    stage.timeline.cut('code', 'queue');
    const how = { evidence: 'transport', errorBoundMs: 100 } as const;
    report(id, 550, { startMs: 0, atMs: 550, phase: 'cut', ...how });

    expect(stage.events.only('response_playback_finished').heardTextMaxErrorWords).toBe(1);
  });

  it('[HT7] of which a page says that it did not find the sound is off by its bound', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.timeline.wordsTimed(id, [
      { text: 'One ', endSamples: samplesIn(500) },
      { text: 'two.', endSamples: samplesIn(1000) },
    ]);
    stage.clock.advance(550);
    const how = { evidence: 'estimate', errorBoundMs: 100 } as const;
    report(id, 550, { startMs: 0, atMs: 550, phase: 'cut', ...how });

    expect(stage.events.only('response_playback_finished').heardTextMaxErrorWords).toBe(1);
  });
});

describe('a response that was heard to its end', () => {
  it('[PB1] and is then reported as stopped at its last sample ends as heard, and once', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(200);
    report(id, 100, { startMs: 0, atMs: 100, phase: 'cut' });

    expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
  });

  it('[TK2] does not abort its task', () => {
    const { stage, report } = silent();
    const task = { run: never, abortOnCut: true };
    const id = stage.say(stage.openTurn(), 'One.', 100, { task });
    stage.clock.advance(200);
    report(id, 100, { startMs: 0, atMs: 100, phase: 'ended' });

    expect(stage.events.types('task_started', 'task_aborted')).toEqual(['task_started']);
  });

  it('[HT7] by estimate, with the times of its words, leaves no word in doubt', () => {
    const stage = new Stage();
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.timeline.wordsTimed(id, [{ text: 'One.', endSamples: samplesIn(100) }]);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'heard',
      evidence: 'estimate',
      heardTextMaxErrorWords: 0,
    });
  });

  it('[PB13] ends no later than a later one is expected to begin, whose reported start lies ahead', () => {
    const { stage, report } = silent({ estimateErrorBoundMs: 0 });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 500);
    const later = stage.say(turn, 'Two.', 500);
    stage.clock.advance(450);
    // Said as soon as it was rendered, known to 40 ms.
    report(later, 1, { startMs: 520, atMs: 521, errorBoundMs: 40 });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 500,
      errorBoundMs: 40,
    });
  });

  it('[PB13] and is known to have ended by the bound of its path, when a later one begins after that', () => {
    const { stage, report } = silent({ estimateErrorBoundMs: 10 });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 500);
    const later = stage.say(turn, 'Two.', 500);
    stage.clock.advance(560);
    report(later, 10, { startMs: 540, atMs: 550, errorBoundMs: 40 });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 500,
      errorBoundMs: 10,
    });
  });

  it('[PB13] has an end that is known no better than its start, if another listener heard the end before that', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(2000);
    report(id, 1, { startMs: 900, atMs: 901, errorBoundMs: 700 });
    report(id, 100, { startMs: 100, atMs: 200, phase: 'ended', errorBoundMs: 2 });

    const { endedAtMs, errorBoundMs } = stage.events.only('response_playback_finished');
    expect(endedAtMs).toBeGreaterThanOrEqual(900);
    expect(errorBoundMs).toBeGreaterThanOrEqual(700);
  });
});

describe('a response that is skipped', () => {
  it('[PB4] after a cut states neither why its voice failed nor what was not audible', () => {
    const stage = estimated();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    const { id } = turn.begin();
    turn.addText('Two.');
    stage.send(id, 500);
    stage.timeline.responseFailed(id, 'it broke');
    stage.clock.advance(500);
    stage.cut();
    stage.clock.advance(1000);

    const skipped = stage.events.only('response_skipped');
    expect(skipped).toMatchObject({ responseId: id, reason: 'cut' });
    expect(Object.keys(skipped)).not.toContain('detail');
    expect(Object.keys(skipped)).not.toContain('inaudible');
  });

  it('[AU16] is not known if a part of it was played while nobody answered, whatever came after that', () => {
    const stage = estimated();
    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('silent');
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(10_000);

    const { reason, inaudible } = stage.events.only('response_skipped');
    expect(inaudible?.map(({ why }) => why)).toEqual(['silent', 'muted']);
    expect(reason).toBe('not_known');
  });

  it('[AU7] at once, since nobody answers, is not known', () => {
    const stage = estimated();
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.timeline.audibilityChanged('silent', { whileInaudible: 'skips' });

    expect(stage.events.only('response_skipped').reason).toBe('not_known');
  });

  it('[AU5] in its beginning, and is heard after that: a late report of its first sample refines nothing', () => {
    const { stage, report } = silent({ reportTimeoutMs: 0, estimateErrorBoundMs: 0 });
    stage.timeline.audibilityChanged('muted');
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(500);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(1000);
    expect(stage.events.only('response_playback_finished').outcome).toBe('partly_heard');
    report(id, 1000, { startMs: 0, atMs: 1000, phase: 'ended' });

    expect(stage.events.ofType('response_playback_refined')).toEqual([]);
    expect(stage.events.only('response_playback_started').startedAtMs).toBe(500);
  });
});
