// Tests for SPEC.md, "Traces" and "Memory and end": what the shell around `step` makes of its calls.
import { describe, expect, it, vi } from 'vitest';
import type { AgentMs, OncueEvent, TimelineInput, TurnId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const at = (ms: number): AgentMs => ms as AgentMs;

/** A stage, and the inputs that its timeline has taken. */
function recorded(): { readonly stage: Stage; readonly inputs: TimelineInput[] } {
  const inputs: TimelineInput[] = [];
  return { stage: new Stage({ record: (input) => void inputs.push(input) }), inputs };
}

/** A response whose task never ends and runs, and the signal of that task. */
async function withTask(): Promise<{ readonly stage: Stage; readonly signal: AbortSignal }> {
  const stage = new Stage();
  const signals: AbortSignal[] = [];
  const run = (_event: unknown, signal: AbortSignal): Promise<void> => {
    signals.push(signal);
    return new Promise(() => {});
  };
  stage.say(stage.openTurn(), 'One.', 100, { task: { run } });
  await stage.clock.advanceAsync(200);
  const [signal] = signals;
  if (!signal) throw new Error('the task did not run');
  return { stage, signal };
}

describe('inputs', () => {
  it('[TR2] what is told of playout is the same after it was written and read, with and without its options', () => {
    const { stage, inputs } = recorded();
    const { timeline } = stage;
    timeline.openTurn({ turnId: 'mine' as TurnId, speechId: 'speech_1' });
    const { id } = stage.openTurn().begin({ onPlaybackStarted: () => {} });
    timeline.audioSent(id, 480, 48_000);
    timeline.audioSent(id, 480, 48_000, at(10), at(0));
    timeline.wordsTimed(id, [{ text: 'One', endSamples: 480 }]);
    timeline.listenerChanged(true);
    timeline.listenerChanged(true, 'not_known');
    timeline.listenerAnswers(true);
    timeline.listenerAnswers(false, at(0));
    timeline.audibilityChanged('muted');
    timeline.audibilityChanged('listening', { sinceMs: at(0), whileInaudible: 'skips' });
    timeline.queueMoved(at(0), 20);
    timeline.pathEstimated(100, 20);
    timeline.pause();
    timeline.resume();
    timeline.pause('queue');
    timeline.cut('code', 'queue');
    timeline.cut('code');
    void timeline.close();

    expect(inputs.length).toBeGreaterThan(20);
    for (const input of inputs) expect(JSON.parse(JSON.stringify(input))).toStrictEqual(input);
    const of = (type: TimelineInput['type']) => inputs.filter((input) => input.type === type);
    expect(of('turn_opened')).toMatchObject([
      { turnId: 'mine', speechId: 'speech_1' },
      { turnId: 'turn_2' },
    ]);
    expect(of('audio_sent')[1]).toMatchObject({ leavesAtMs: 10, sentAtMs: 0 });
    expect(of('listener_changed')[1]).toMatchObject({ unreported: 'not_known' });
    expect(of('listener_answers')).toMatchObject([
      { answers: true },
      { answers: false, sinceMs: 0 },
    ]);
    expect(of('paused')[1]).toMatchObject({ reaches: 'queue' });
    expect(of('cut')[0]).toMatchObject({ by: 'code', reaches: 'queue' });
    expect(of('queue_moved')).toMatchObject([{ fromMs: 0, byMs: 20 }]);
    for (const type of ['paused', 'cut'] as const)
      expect(of(type).filter((input) => 'reaches' in input)).toHaveLength(1);
  });

  it('[RM2][RM8] a move of the queue and a path that are no finite numbers say nothing, nor does a list of no words', () => {
    const { stage, inputs } = recorded();
    const { timeline } = stage;
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      timeline.queueMoved(at(0), bad);
      timeline.queueMoved(at(bad), 20);
      timeline.pathEstimated(bad, 20);
      timeline.pathEstimated(20, bad);
    }
    timeline.pathEstimated(-1, 20);
    timeline.pathEstimated(20, -1);
    timeline.wordsTimed('none' as never, []);

    expect(inputs).toEqual([]);
  });

  it('[RM8] a path may have no length and a bound of nothing', () => {
    const { stage, inputs } = recorded();
    stage.timeline.pathEstimated(0, 0);

    expect(inputs).toMatchObject([{ type: 'path_estimated', delayMs: 0, errorBoundMs: 0 }]);
  });

  it('[SQ1] only a state that takes effect is given to applyState', () => {
    const given: OncueEvent[] = [];
    const stage = new Stage({ applyState: (event) => void given.push(event) });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.clock.advance(500);

    expect(given.map((event) => 'state' in event && event.state)).toEqual(['speaking', 'thinking']);
  });
});

it('[TK6] a function of the application that threw elsewhere is told with its name', () => {
  const stage = new Stage();
  stage.timeline.callbackFailed('afterHeard', new Error('no line'));

  expect(stage.events.only('callback_failed')).toMatchObject({
    during: 'afterHeard',
    message: 'no line',
  });
});

describe('close and detach', () => {
  it('[CL1] opening a turn afterwards throws, and says so', () => {
    const { timeline } = new Stage();
    void timeline.close();

    expect(() => timeline.openTurn()).toThrow(
      expect.objectContaining({
        code: 'ONCUE_CLOSED',
        message: 'the timeline is closed; open turns before close()',
      }),
    );
  });

  it.each(['close', 'detach'] as const)(
    '[TK4] %s gives running tasks 5 s if nothing else is said',
    async (how) => {
      const { stage, signal } = await withTask();
      const done = stage.timeline[how]();
      await stage.clock.advanceAsync(4999);
      const atFirst = signal.aborted;
      await stage.clock.advanceAsync(1);
      await done;

      expect([atFirst, signal.aborted]).toEqual([false, true]);
    },
  );

  it('[TK4] the time of running tasks counts from the call, not from when promises settle', async () => {
    const { stage, signal } = await withTask();
    void stage.timeline.close(500);
    stage.clock.advance(400);
    await stage.clock.advanceAsync(100);

    expect(signal.aborted).toBe(true);
  });

  it('[CL2] outside a callback, detach tells at once', () => {
    const stage = new Stage();
    const told: string[] = [];
    stage.timeline.view.onAny(({ type }) => told.push(type));
    stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(100);
    void stage.timeline.detach();

    expect(told.at(-1)).toBe('response_playback_finished');
    expect(stage.timeline.view.state.isClosed).toBe(true);
  });

  it('[CL2] what is declared after detach is taken, and nothing of the application runs or hears of it', async () => {
    const ran: string[] = [];
    const stage = new Stage({
      applyState: () => {
        throw new Error('no such session');
      },
    });
    await stage.timeline.detach();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 500, {
      task: { run: () => void ran.push('task'), abortOnCut: true },
      onPlaybackFinished: () => void ran.push('finished'),
    });
    turn.mark('end', { onReached: () => void ran.push('mark') });
    stage.clock.advance(100);
    stage.cut();
    stage.say(turn, 'Two.', 500, { onPlaybackStarted: () => void ran.push('second') });
    stage.clock.advance(2000);
    await stage.timeline.close();

    expect(ran).toEqual([]);
    expect(stage.events.types('response_playback_finished', 'callback_failed')).toEqual([
      'response_playback_finished',
    ]);
    expect(stage.timeline.state.runningTasks).toEqual([]);
  });

  it('[CL1] messages that were counted are told before the end, and none is told after it', () => {
    const { stage, inputs } = recorded();
    stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(100);
    for (let n = 0; n < 3; n += 1) stage.timeline.reportDropped('bad_format');
    void stage.timeline.close();
    stage.timeline.reportDropped('bad_format');
    stage.clock.advance(5000);

    expect(stage.events.ofType('report_dropped').map(({ count }) => count)).toEqual([1, 2]);
    expect(stage.events.types().at(-1)).toBe('response_playback_finished');
    expect(inputs.at(-1)?.type).toBe('closed');
    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[CL1] an impossible report of a closed timeline is not counted', () => {
    const stage = new Stage();
    void stage.timeline.close();
    for (let n = 0; n < 3; n += 1)
      stage.timeline.playhead({
        responseId: 'none' as never,
        startedAtMs: at(1e9),
        heardSamples: samplesIn(1),
        positionAtMs: at(1e9),
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 0,
      });
    stage.clock.advance(5000);

    expect(stage.events.ofType('report_dropped')).toEqual([]);
    expect(stage.clock.pendingCount).toBe(0);
  });
});

describe('the timer', () => {
  it('[LW11] messages are told a second later though nothing plays, and though the end of what plays is later', () => {
    for (const playsMs of [0, 5000]) {
      const { stage, inputs } = recorded();
      if (playsMs > 0) stage.say(stage.openTurn(), 'One.', playsMs);
      stage.clock.advance(100);
      for (let n = 0; n < 3; n += 1) stage.timeline.reportDropped('bad_format');
      const before = inputs.length;
      stage.clock.advance(1000);

      const told = stage.events.ofType('report_dropped').map(({ atMs, count }) => [atMs, count]);
      expect(told).toEqual([
        [100, 1],
        [1100, 2],
      ]);
      // Nothing else was due.
      expect(inputs.slice(before).map(({ type }) => type)).toEqual(['report_dropped']);
    }
  });

  it('a report costs no timer of its own', () => {
    const stage = new Stage();
    const schedule = vi.spyOn(stage.clock, 'schedule');
    stage.timeline.listenerChanged(true);
    const responseId = stage.say(stage.openTurn(), 'One.', 5000);
    for (let ms = 50; ms <= 4000; ms += 50) {
      stage.clock.advance(50);
      stage.timeline.playhead({
        responseId,
        startedAtMs: at(0),
        heardSamples: samplesIn(ms),
        positionAtMs: at(ms),
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 0,
      });
    }

    expect(stage.events.ofType('response_playback_progressed').length).toBeGreaterThan(50);
    expect(schedule.mock.calls.length).toBeLessThan(20);
  });

  it('[LW11] one is enough for what is due in step and for what is to be told of messages, whichever is first', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'One.', 500);
    stage.timeline.reportDropped('bad_format');
    stage.timeline.reportDropped('bad_format', 2);
    const counts = [stage.clock.pendingCount];
    stage.clock.advance(999);
    counts.push(stage.clock.pendingCount, stage.events.ofType('report_dropped').length);
    stage.clock.advance(1);
    counts.push(stage.clock.pendingCount, stage.events.ofType('report_dropped').length);

    expect(counts).toEqual([1, 1, 1, 0, 2]);
    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(500);
  });

  it('[LW11] messages that are counted while an event is told are told a second later', () => {
    const stage = new Stage();
    const { timeline } = stage;
    timeline.reportDropped('bad_format');
    timeline.on('response_declared', () => timeline.reportDropped('bad_format', 7));
    stage.openTurn().begin();
    stage.clock.advance(1000);

    expect(stage.events.ofType('report_dropped').map(({ count }) => count)).toEqual([1, 7]);
  });

  it('[TK5] what becomes due earlier than was expected is not late', () => {
    const stage = new Stage({ options: { estimateDelayMs: 500 } });
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.timeline.pathEstimated(50, 5);
    stage.clock.advance(2000);

    expect(stage.events.only('response_playback_started')).toMatchObject({ atMs: 50 });
  });
});
