// Tests for SPEC.md, "Listener and wire": what a listener may do to a timeline.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ListenerMs, PlayheadReport, ResponseId } from '../src/index.ts';
import { encodeListenerMessage, ListenerGate, type ListenerMessage } from '../src/wire/index.ts';
import { Stage } from './support/stage.ts';

const at = (ms: number): AgentMs => ms as AgentMs;

/** A gate's verdicts on messages of one listener, numbered in order unless `seq` is given. */
function gateWith(options: ConstructorParameters<typeof ListenerGate>[0] = { sameClock: true }) {
  const gate = new ListenerGate(options);
  let seq = 0;
  const take = (
    message: ListenerMessage,
    of: { epoch?: string; seq?: number; atMs?: number } = {},
  ) => {
    seq = of.seq ?? seq + 1;
    const text = encodeListenerMessage(message, { epoch: of.epoch ?? 'page-1', seq });
    return gate.take(text, at(of.atMs ?? 0));
  };
  return { gate, take };
}

const playhead = (more: Partial<PlayheadReport> = {}): ListenerMessage => ({
  type: 'playhead',
  responseId: 'r' as ResponseId,
  heardSamples: 480,
  phase: 'playing',
  evidence: 'device',
  errorBoundMs: 0,
  ...more,
  startedAtMs: (more.startedAtMs ?? 0) as number as ListenerMs,
  positionAtMs: (more.positionAtMs ?? 10) as number as ListenerMs,
});

describe('what a listener may say', () => {
  it('[LW1] form, size, version, repetition and rate are checked', () => {
    const { gate, take } = gateWith({ sameClock: true, maxMessagesPerSecond: 8 });

    expect(take({ type: 'hello', evidence: 'device' })).toEqual({ type: 'joined' });
    expect(take(playhead())).toMatchObject({ type: 'playhead', report: { heardSamples: 480 } });
    expect(gate.take('{', at(0))).toEqual({ type: 'dropped', reason: 'bad_format' });
    expect(gate.take({ v: 2, type: 'bye' }, at(0))).toMatchObject({ reason: 'bad_format' });
    expect(gate.take('x'.repeat(5000), at(0))).toMatchObject({ reason: 'too_large' });
    expect(take(playhead(), { seq: 2 })).toMatchObject({ reason: 'duplicate' });
    expect(take(playhead({ heardSamples: -1 }), { seq: 3 })).toMatchObject({
      reason: 'bad_format',
    });
    expect(take({ type: 'bye' }, { seq: 3 })).toEqual({ type: 'left' });
    expect(take(playhead())).toMatchObject({ reason: 'too_many' });
    expect(take(playhead(), { seq: 5, atMs: 130 })).toMatchObject({ type: 'playhead' });
  });

  it('[LW1] a message inside the replay window counts once, an older one never', () => {
    const { take } = gateWith({ sameClock: true, maxMessagesPerSecond: 1000 });
    take({ type: 'hello', evidence: 'device' });

    const verdicts = [300, 299, 45, 44, 300, 45, 46, 556, 557, 301, 302].map(
      (seq) => take(playhead(), { seq }).type,
    );

    expect(verdicts).toEqual([
      'playhead',
      'playhead',
      'playhead',
      'dropped',
      'dropped',
      'dropped',
      'playhead',
      'playhead',
      'playhead',
      'dropped',
      'playhead',
    ]);
  });

  it('[LW1] reports that cannot be true are dropped, counted and reported', () => {
    const stage = new Stage({ listener: {} });
    stage.clock.advance(1000);
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Sent.');
    const unsent = turn.begin().id;
    turn.addText('Not yet.');
    stage.timeline.audioSent(id, 480, 48_000);
    const report = (wrong: Partial<PlayheadReport>): void =>
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: at(1000),
        heardSamples: 480,
        positionAtMs: at(1010),
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 0,
        ...wrong,
      });

    report({ heardSamples: 481 });
    report({ startedAtMs: at(999), errorBoundMs: 0.5 });
    report({ positionAtMs: at(2001) });
    report({ positionAtMs: at(999) });
    report({ errorBoundMs: 1e9, positionAtMs: at(1e8) });
    report({ startedAtMs: at(Number.NaN) });
    report({ responseId: unsent, heardSamples: 0, phase: 'cut' });
    report({ responseId: 'nobody' as ResponseId });

    expect(stage.events.ofType('response_playback_started')).toEqual([]);
    stage.clock.advance(1000);
    const dropped = stage.events.ofType('report_dropped');
    expect(dropped.map(({ reason, count }) => [reason, count])).toEqual([
      ['not_sent', 1],
      ['before_it_left', 1],
      ['in_future', 1],
      ['out_of_range', 1],
      ['unknown_response', 1],
      ['not_sent', 1],
      ['out_of_range', 2],
    ]);
    expect(dropped.at(-1)?.droppedCount).toBe(8);
  });

  it('[LW1] a late report about a skipped response is not counted as dropped', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 400 } } });
    stage.clock.advance(1000);
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    stage.say(turn, 'Two.', 100);

    stage.clock.advance(50);
    stage.cut();
    stage.clock.advance(5000);

    expect(stage.events.ofType('response_skipped')).toHaveLength(1);
    expect(stage.events.ofType('report_dropped')).toEqual([]);
  });

  it('[LW2] lost, late, repeated and reordered reports lead to the same outcome', () => {
    const faults = [
      {},
      { lose: 2 },
      { lose: 3, repeat: 2 },
      { reorder: 2 },
      { reorder: 3, repeat: 4, lose: 5 },
      { delayMs: (_: ListenerMessage, nth: number) => (nth % 3) * 70 },
    ];

    const ends = faults.map((fault) => {
      const stage = new Stage({ listener: {} });
      stage.listener.faults = fault;
      const turn = stage.openTurn();
      stage.say(turn, 'One.', 300);
      turn.queueAgentState('thinking');
      stage.say(turn, 'Two.', 300);
      turn.close();
      stage.clock.advance(450);
      stage.cut();
      stage.clock.advance(5000);
      expect(stage.timeline.state.turns).toEqual([]);
      const finished = stage.events.ofType('response_playback_finished');
      return finished.map(({ index, outcome, heardMs }) => ({ index, outcome, heardMs }));
    });

    for (const end of ends) {
      expect(end).toEqual([
        { index: 0, outcome: 'heard', heardMs: 300 },
        { index: 1, outcome: 'cut', heardMs: 150 },
      ]);
    }
  });

  it('[LW2][regression] a report of the next response, cut at the same time, proves that the first was heard to its end', () => {
    // Found by the truth test: the first end report was overtaken, and the cut seemed to have stopped that response.
    const stage = new Stage({ listener: { outputLatencyMs: 90 } });
    const turn = stage.openTurn();
    stage.listener.faults = {
      delayMs: (message) => (message.type === 'playhead' && message.phase === 'ended' ? 100 : 0),
    };

    stage.say(turn, 'One.', 40);
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(60);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.ofType('response_playback_finished')).toMatchObject([
      { index: 0, outcome: 'heard', heardMs: 40 },
      { index: 1, outcome: 'cut', heardMs: 20 },
    ]);
  });

  it('[RS5] a response reported as stopped before its first sample ends after the one that still sounds', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 90 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    const second = stage.say(turn, 'Two.', 100);
    stage.clock.advance(150);

    stage.timeline.cut('user_speech');
    stage.timeline.playhead({
      responseId: second,
      startedAtMs: stage.clock.nowMs(),
      positionAtMs: stage.clock.nowMs(),
      heardSamples: 0,
      phase: 'cut',
      evidence: 'device',
      errorBoundMs: 0,
    });
    expect(stage.events.ofType('response_skipped')).toEqual([]);
    stage.clock.advance(1000);

    const ends = stage.events.all.filter(
      ({ type }) => type === 'response_playback_finished' || type === 'response_skipped',
    );
    expect(ends).toMatchObject([{ index: 0 }, { index: 1, reason: 'cut' }]);
    expect(ends[0]?.atMs).toBe(ends[1]?.atMs);
  });

  it('[LW3] a listener that leaves, sleeps, reloads or breaks down never blocks a turn', () => {
    const goings: Array<(stage: Stage) => void> = [
      ({ listener }) => listener.leave(),
      ({ listener }) => listener.vanish(),
      ({ listener }) => listener.sleep(),
      ({ listener }) => listener.join(),
      ({ listener }) => listener.stall(),
      (stage) => {
        stage.cut();
        stage.listener.leave();
      },
      (stage) => {
        stage.listener.sleep();
        stage.cut();
      },
    ];

    for (const go of goings) {
      const stage = new Stage({ listener: {} });
      const turn = stage.openTurn();
      stage.say(turn, 'One.', 300);
      turn.queueAgentState('thinking');
      stage.say(turn, 'Two.', 300);
      turn.close();

      stage.clock.advance(100);
      go(stage);
      stage.clock.advance(12_000);

      expect(stage.timeline.state.turns).toEqual([]);
      expect(stage.events.types('response_playback_finished', 'response_skipped')).toHaveLength(2);
    }
  });

  it('[LW3] a listener that leaves during a cut is not waited for', () => {
    const stage = new Stage({ listener: {} });
    stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(300);

    stage.listener.sleep();
    stage.cut();
    stage.clock.advance(10);
    stage.timeline.listenerChanged(false);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      atMs: 310,
      heardMs: 300,
      evidence: 'estimate',
    });
  });

  it('[LW3] a listener that reports a stall is trusted for stallTimeoutMs', () => {
    const short = new Stage({ listener: {} });
    const long = new Stage({ listener: {} });
    for (const stage of [short, long]) {
      stage.say(stage.openTurn(), 'Hello.', 1000);
      stage.clock.advance(500);
      stage.listener.stall();
    }

    short.clock.advance(3000);
    short.listener.unstall();
    short.clock.advance(10_000);
    long.clock.advance(20_000);

    expect(short.events.only('response_playback_finished')).toMatchObject({
      atMs: 4000,
      evidence: 'device',
    });
    expect(long.events.only('response_playback_finished')).toMatchObject({
      atMs: 500 + 5000 + 500 + 500,
      evidence: 'estimate',
    });
  });

  it('[LW3] reports of a listener that rejoins count again', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    stage.clock.advance(50);
    stage.listener.leave();
    stage.clock.advance(1000);

    stage.listener.join();
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(1000);

    const changes = stage.events.ofType('listener_changed').map(({ listening }) => listening);
    expect(changes).toEqual([false, true]);
    expect(stage.events.ofType('response_playback_finished')[1]?.evidence).toBe('device');
  });

  it('[LW4] a new epoch begins with hello, and an older one never comes back', () => {
    const { take } = gateWith();
    const other = { type: 'dropped', reason: 'wrong_listener' };

    expect(take(playhead())).toEqual(other);
    expect(take({ type: 'hello', evidence: 'device' }, { seq: 1 }).type).toBe('joined');
    expect(take(playhead(), { epoch: 'page-2', seq: 2 })).toEqual(other);
    expect(take({ type: 'hello', evidence: 'device' }, { epoch: 'page-2', seq: 1 }).type).toBe(
      'joined',
    );
    expect(take(playhead(), { epoch: 'page-2', seq: 2 }).type).toBe('playhead');
    expect(take(playhead(), { epoch: 'page-1', seq: 3 })).toEqual(other);
    // A late or repeated hello of the old page must not bring it back.
    expect(take({ type: 'hello', evidence: 'device' }, { epoch: 'page-1', seq: 1 })).toEqual(other);
    expect(take(playhead(), { epoch: 'page-2', seq: 3 }).type).toBe('playhead');
  });

  it("[LW6] a report is dropped before the first round trip; after it, the report is on the agent's clock", () => {
    const { gate, take } = gateWith({});
    take({ type: 'hello', evidence: 'device' });

    expect(take(playhead())).toMatchObject({ reason: 'out_of_range' });
    const { pingId } = gate.ping(at(1000));
    take(
      {
        type: 'pong',
        pingId,
        receivedAtMs: 51_020 as ListenerMs,
        sentAtMs: 51_020 as ListenerMs,
      },
      { atMs: 1040 },
    );
    const verdict = take(playhead({ startedAtMs: at(51_020), positionAtMs: at(51_030) }), {
      atMs: 1050,
    });

    expect(verdict).toMatchObject({ report: { startedAtMs: 1020, positionAtMs: 1030 } });
  });
});
