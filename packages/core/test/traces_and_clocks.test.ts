// Tests for SPEC.md, "Traces and clocks".
import { describe, expect, it } from 'vitest';
import {
  initialState,
  OncueError,
  type ResponseId,
  step,
  Timeline,
  type TimelineOptions,
} from '../src/index.ts';
import { ManualClock, replayTrace } from '../src/testing/index.ts';
import { parseTrace, TraceRecorder } from '../src/trace/index.ts';
import { Stage } from './support/stage.ts';

/** A session with every kind of outcome, and its trace. */
function eventful(metadata: unknown = { card: 1 }): Stage {
  const options: Partial<TimelineOptions> = { estimateDelayMs: 40 };
  const stage = new Stage({ options, listener: { outputLatencyMs: 30, faults: { lose: 3 } } });
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 100, { metadata, task: { run: () => {}, timing: 'predicted' } });
  turn.queueAgentState('thinking');
  turn.begin();
  stage.say(turn, 'Two – “three”.\u2028', 100.7);
  stage.clock.advance(170.3);
  stage.pause();
  stage.clock.advance(30);
  stage.resume();
  stage.clock.advance(11.1);
  stage.cut();
  stage.clock.advance(1000);
  void stage.timeline.close();
  return stage;
}

describe('traces', () => {
  it('[TR1] a trace has a header with the version and one line per input or event', () => {
    const { trace } = eventful();

    const lines = trace
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ kind: 'header', v: 2, options: { estimateDelayMs: 40 } });
    expect(new Set(lines.slice(1).map(({ kind }) => kind))).toEqual(new Set(['input', 'event']));
    expect(parseTrace(trace).lines).toHaveLength(lines.length - 1);
  });

  it.each(['{"toString":1}', '{"__proto__":null}', '[1]', '2e3'])(
    '[TR1][regression] a version that is %s is refused with its code',
    (version) => {
      expect(() => replayTrace(`{"kind":"header","v":${version},"options":{}}\n`)).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_FORMAT' }),
      );
    },
  );

  it('[TR1] a reader refuses another version, a broken line and a file that is not a trace', () => {
    const { trace } = eventful();
    const [header = '', ...rest] = trace.split('\n');
    const badTraces = [
      trace.replace('"v":2', '"v":3'),
      trace.replace('"v":2', '"v":2,"epochAtZeroMs":"now"'),
      [header, '{"kind":"input"', ...rest].join('\n'),
      [header, '{"kind":"surprise"}', ...rest].join('\n'),
      rest.join('\n'),
      'hello\n',
      '',
    ];

    for (const bad of badTraces) {
      expect(() => parseTrace(bad)).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_FORMAT' }));
    }
    expect(new OncueError('ONCUE_BAD_FORMAT', 'x')).toBeInstanceOf(Error);
  });

  it('[TR1] a truncated last line is left out', () => {
    const { trace } = eventful();
    const lastLine = trace.trimEnd().lastIndexOf('\n') + 1;

    const { lines } = parseTrace(trace.slice(0, lastLine + 20));

    expect(lines).toHaveLength(parseTrace(trace).lines.length - 1);
  });

  it('[TR2] a replay reproduces the recorded events byte for byte', () => {
    const stage = eventful();

    const replay = replayTrace(stage.trace);

    expect(replay.firstDifference).toBeUndefined();
    expect(replay.events.slice(1)).toEqual(JSON.parse(JSON.stringify(stage.events.all)));
  });

  it('[TR2] a replay reports the first difference from the trace', () => {
    const { trace } = eventful();

    const changed = replayTrace(trace.replace('"type":"response_declared"', '"type":"other"'));
    const shorter = replayTrace(
      trace
        .split('\n')
        .filter((line) => !line.includes('"type":"audio_sent"'))
        .join('\n'),
    );

    expect(changed.firstDifference).toMatchObject({ index: 1 });
    expect(shorter.firstDifference).toBeDefined();
  });

  it.each([
    ['an unknown one', { type: 'teleported', atMs: 5 }],
    ['a name of every object', { type: 'toString', atMs: 5 }],
    ['a report without its fields', { type: 'playhead', atMs: 5 }],
    ['a turn without a name', { type: 'turn_opened', atMs: 5 }],
    ['a number as text', { type: 'path_estimated', atMs: 5, delayMs: '1', errorBoundMs: 0 }],
    ['an empty flag', { type: 'turn_ended', atMs: 5, turnId: 'turn_1', isWritten: null }],
    ['words without a list', { type: 'words_timed', atMs: 5, responseId: 'turn_1.0' }],
  ])('[TR2] an input that is unknown or broken is refused: %s', (_, input) => {
    const stage = new Stage();
    stage.openTurn().begin();
    const line = JSON.stringify({ kind: 'input', input });

    expect(() => replayTrace(`${stage.trace}${line}\n`)).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_FORMAT' }),
    );
  });

  it('[TR1][TR2][TR5] notes and the wall clock of the recorder are kept, and a replay ignores them', () => {
    let trace = '';
    const recorder = new TraceRecorder((line) => (trace += line), { epochAtZeroMs: 1e12 });
    recorder.note({ type: 'livekit_started', atMs: 12, detail: 'other clock' });

    expect(parseTrace(trace)).toMatchObject({
      header: { epochAtZeroMs: 1e12 },
      lines: [{ kind: 'note', note: { detail: 'other clock' } }],
    });
    expect(replayTrace(trace).events).toEqual([]);
  });

  it('[TR3] metadata that JSON cannot encode does not break a trace', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const throwing = {
      toJSON: () => {
        throw new Error('no');
      },
    };
    const awkward = [
      cycle,
      10n,
      { big: 10n },
      throwing,
      () => 1,
      Symbol('s'),
      Number.NaN,
      new Date(0),
      new Map([[1, 2]]),
      { b: undefined, 1: 'one', __proto__: null },
      null,
      '\ud800',
    ];

    for (const metadata of awkward) {
      const { trace } = eventful(metadata);
      expect(replayTrace(trace).firstDifference).toBeUndefined();
    }
  });

  it('[TR3] metadata that changes after begin stays in the trace as declared', () => {
    const stage = new Stage();
    const metadata = { heard: 0 };
    const onPlaybackStarted = (): void => {
      metadata.heard += 1;
    };

    stage.say(stage.openTurn(), 'Hello.', 100, { metadata, onPlaybackStarted });
    stage.clock.advance(1000);

    expect(metadata).toEqual({ heard: 1 });
    expect(replayTrace(stage.trace).firstDifference).toBeUndefined();
    expect(stage.trace).not.toContain('"heard":1}');
  });
});

describe('clocks', () => {
  it('[CK1] a step takes its time from the input and does not modify the state that it was given', () => {
    const before = initialState();
    const frozen = JSON.stringify(before);

    const result = step(before, { type: 'turn_opened', turnId: 't' as never, atMs: 7 as never });

    expect(JSON.stringify(before)).toBe(frozen);
    expect(result.state).not.toBe(before);
  });

  it('[CK1] nothing happens while the clock stands still, and no timer is left pending', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(0);
    const { length } = stage.events.all;

    stage.clock.advance(0);
    expect(stage.events.all).toHaveLength(length);
    stage.clock.advance(1000);

    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[CK1] a deadline takes one tick, even at instants that floats cannot add exactly', () => {
    const clock = new ManualClock(0.1);
    const ticks: number[] = [];
    const timeline = new Timeline({
      clock,
      options: { estimateDelayMs: 0.2 },
      record: (input) => {
        if (input.type === 'tick') ticks.push(input.atMs);
      },
    });
    const turn = timeline.openTurn();
    for (let index = 0; index < 200; index += 1) {
      const { id } = turn.begin();
      turn.addText('Hello.');
      clock.advance(0.7 * index);
      timeline.audioSent(id, 4411 + index, 44_100);
      timeline.audioEnded(id);
    }

    clock.advance(1e6);

    // One tick for each start and end; an end and the next start at the same instant share one.
    expect(ticks.length).toBeLessThanOrEqual(400);
    expect(timeline.state.playout).toEqual([]);
    expect(clock.pendingCount).toBe(0);
  });

  it('[CK2] a timer that was set by a timer runs at its own instant', () => {
    const clock = new ManualClock();
    const at: number[] = [];
    clock.schedule(10, () => clock.schedule(5, () => at.push(clock.nowMs())));

    clock.advance(100);

    expect(at).toEqual([15]);
    expect(clock.nowMs()).toBe(100);
  });

  it('[CK2] timers run in due order, the older of two first, and cancelled ones never', () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const add = (name: string, delayMs: number): (() => void) =>
      clock.schedule(delayMs, () => order.push(`${name}@${clock.nowMs()}`));
    add('c', 30);
    add('a', 10);
    const cancel = add('x', 10);
    add('b', 10);
    add('d', -5);
    for (let index = 0; index < 50; index += 1) add(`n${index}`, 100 + ((index * 7) % 50))();

    cancel();
    cancel();
    expect(clock.pendingCount).toBe(4);
    clock.advance(1000);

    expect(order).toEqual(['d@0', 'a@10', 'b@10', 'c@30']);
    expect(clock.pendingCount).toBe(0);
  });

  it('[CK2] advanceAsync lets promises settle after every timer', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const wait = (ms: number): Promise<void> =>
      new Promise((done) => void clock.schedule(ms, done));
    const run = async (): Promise<void> => {
      for (let index = 0; index < 3; index += 1) {
        await wait(10);
        at.push(clock.nowMs());
      }
    };

    const running = run();
    await clock.advanceAsync(100);
    await running;

    expect(at).toEqual([10, 20, 30]);
  });
});

describe('memory and close', () => {
  it('[MM1] a state keeps only the last few of the responses that have ended', () => {
    const stage = new Stage({ listener: {} });
    const sizes: number[] = [];

    for (let index = 0; index < 200; index += 1) {
      const turn = stage.openTurn();
      stage.say(turn, 'Hello there.', 30, { onPlaybackStarted: () => {} });
      turn.queueAgentState('thinking');
      stage.say(turn, 'Cut.', 30);
      turn.close();
      stage.clock.advance(45);
      if (index % 2 === 0) stage.cut();
      stage.clock.advance(3000);
      sizes.push(JSON.stringify(stage.timeline.state.turns).length);
    }

    expect(Math.max(...sizes)).toBe(2);
    expect(stage.timeline.state.playout).toEqual([]);
    expect(stage.timeline.state.recent).toHaveLength(16);
    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[CL1] close cuts what plays, skips what waits and drops queued states', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 1000);
    turn.addText('Three.');
    stage.timeline.openTurn().queueAgentState('idle');
    stage.clock.advance(500);

    await stage.timeline.close();
    const { length } = stage.events.all;
    await stage.timeline.close();

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      cutBy: 'close',
      heardMs: 500,
    });
    expect(stage.events.ofType('response_skipped').map(({ reason }) => reason)).toEqual([
      'closed',
      'closed',
    ]);
    expect(stage.events.ofType('agent_state_dropped').map(({ reason }) => reason)).toEqual([
      'closed',
      'closed',
    ]);
    expect(stage.events.all).toHaveLength(length);
    expect(() => stage.timeline.openTurn()).toThrow(
      expect.objectContaining({ code: 'ONCUE_CLOSED' }),
    );
  });

  it('[CL1] inputs after a close have no effect', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const id = stage.say(turn, 'One.', 1000);
    void stage.timeline.close();
    stage.events.clear();

    turn.begin();
    stage.timeline.audioSent(id, 480, 48_000);
    stage.timeline.cut('user_speech');
    stage.timeline.listenerChanged(false);
    stage.timeline.audioEnded('nobody' as ResponseId);
    stage.clock.advance(10_000);

    expect(stage.events.all).toEqual([]);
  });

  it('[CL1][LK21] a message that is corrected after a close is told, and a replay tells it too', () => {
    const stage = new Stage();
    void stage.timeline.close();
    stage.events.clear();
    stage.clock.advance(250);

    stage.timeline.messageCorrected({ messageId: 'item_1', text: 'One.', before: 'One two.' });

    const { type, atMs, messageId, text, before } = stage.events.only('chat_message_corrected');
    expect({ type, atMs, messageId, text, before }).toEqual({
      type: 'chat_message_corrected',
      atMs: 250,
      messageId: 'item_1',
      text: 'One.',
      before: 'One two.',
    });
    expect(replayTrace(stage.trace).firstDifference).toBeUndefined();
  });

  it('refuses options that are not a finite number of milliseconds', () => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const setup = { clock: new ManualClock(), options: { reportTimeoutMs: value } };
      expect(() => new Timeline(setup)).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
      );
    }
  });
});
