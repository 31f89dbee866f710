// Tests for SPEC.md, "Who can hear".
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { inaudibleOf } from '../src/step/inaudible_spans.ts';
import { replayTrace } from '../src/testing/index.ts';
import { Stage } from './support/stage.ts';

const TEXT = 'One two three four five six seven eight nine ten.';

/** Ten words of 100 ms each, with word timings, heard by a listener who reports. */
function stageWithWords(listener: Stage | undefined = undefined) {
  const stage = listener ?? new Stage({ listener: {} });
  const calls: string[] = [];
  const turn = stage.openTurn();
  const { id } = turn.begin({ task: { run: () => void calls.push('task') } });
  turn.addText(TEXT);
  turn.endResponse();
  stage.timeline.wordsTimed(
    id,
    TEXT.split(' ').map((text, index) => ({ text, endSamples: (index + 1) * 4800 })),
  );
  stage.send(id, 1000);
  stage.endAudio(id);
  turn.end();
  const only = <T extends Parameters<typeof stage.events.ofType>[0]>(type: T) => {
    const [first, ...more] = stage.events.ofType(type);
    expect(more).toEqual([]);
    return first;
  };
  return { stage, id, only, taskCalls: () => calls.length };
}

function hear(stage: Stage, audibility: Audibility, sinceMs?: number): void {
  const of = sinceMs === undefined ? {} : { sinceMs: sinceMs as AgentMs };
  stage.timeline.audibilityChanged(audibility, of);
}

describe('who can hear', () => {
  it('[AU1] is assumed to be somebody until told, then is state and event', () => {
    const stage = new Stage();
    expect(stage.timeline.state.audibility).toBe('listening');
    hear(stage, 'nobody');
    stage.clock.advance(100);
    hear(stage, 'muted', 70);
    hear(stage, 'muted', 90);

    expect(stage.timeline.state.audibility).toBe('muted');
    const events = stage.events.ofType('audibility_changed');
    expect(events).toMatchObject([
      { before: 'listening', audibility: 'nobody', sinceMs: 0, atMs: 0 },
      { before: 'nobody', audibility: 'muted', sinceMs: 70, atMs: 100 },
    ]);
  });

  it('[AU1] a change cannot lie before the one before it, nor more than a second ahead', () => {
    const stage = new Stage();
    stage.clock.advance(5000);
    hear(stage, 'muted', 4000);
    hear(stage, 'listening', 3000);
    hear(stage, 'muted', 99_000);
    expect(stage.events.ofType('audibility_changed').map(({ sinceMs }) => sinceMs)).toEqual([
      4000, 4000, 6000,
    ]);
  });
});

it('[AU3] a sample that sounds in the instant from which somebody can hear is heard', () => {
  const until = (toMs: number) => [
    { why: 'muted' as const, fromMs: 0 as AgentMs, toMs: toMs as AgentMs },
  ];
  const first = { fromSamples: 0, toSamples: 1, fromMs: 500, toMs: 500, earlierMs: 0 };

  expect(inaudibleOf(until(500), first)).toEqual([]);
  expect(inaudibleOf(until(501), first)).toEqual([{ why: 'muted', fromSamples: 0, toSamples: 1 }]);
});

describe('a response that nobody could hear', () => {
  it('[AU2][TK1][SQ2] is skipped: no start, no task, no state', () => {
    const stage = new Stage({ listener: {} });
    hear(stage, 'muted');
    const { only, taskCalls } = stageWithWords(stage);
    stage.clock.advance(3000);

    expect(only('response_skipped')).toMatchObject({
      reason: 'muted',
      inaudible: [{ why: 'muted', fromMs: 0, toMs: 1000 }],
    });
    expect(only('response_playback_started')).toBeUndefined();
    expect(only('response_playback_progressed')).toBeUndefined();
    expect(only('agent_state_applied')).toBeUndefined();
    expect(taskCalls()).toBe(0);
    expect(replayTrace(stage.trace).firstDifference).toBeUndefined();
  });

  it.each([
    ['nobody', 'no_listener'],
    ['silent', 'not_known'],
  ] as const)('[AU2][AU16] by estimate, with %s, too', (audibility, reason) => {
    const stage = new Stage();
    hear(stage, audibility);
    const { only, taskCalls } = stageWithWords(stage);
    stage.clock.advance(3000);

    expect(only('response_skipped')).toMatchObject({ reason, atMs: 1000 });
    expect(only('response_playback_started')).toBeUndefined();
    expect(taskCalls()).toBe(0);
  });

  it('[AU2] is skipped for that reason when it is cut', () => {
    const stage = new Stage({ listener: {} });
    hear(stage, 'muted');
    const { only } = stageWithWords(stage);
    stage.clock.advance(500);
    stage.cut();
    stage.clock.advance(500);
    expect(only('response_skipped')).toMatchObject({ reason: 'muted' });
  });

  it('[AU5][TK5] no predicted task runs ahead of it', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 100 } });
    stage.say(stage.openTurn(), 'Measured.', 500);
    stage.clock.advance(1000);
    hear(stage, 'muted');
    const runs: string[] = [];
    const run = (): void => void runs.push('task');
    stage.say(stage.openTurn(), 'Unheard.', 500, { task: { run, timing: 'predicted' } });
    stage.clock.advance(2000);
    expect(runs).toEqual([]);
  });
});

describe('a response that was audible in part', () => {
  it('[AU3] says which part was not, and its heard text leaves that out', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(350);
    hear(stage, 'muted');
    stage.clock.advance(300);
    hear(stage, 'listening');
    stage.clock.advance(1000);

    expect(only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      interrupted: false,
      heardMs: 700,
      sentMs: 1000,
      heardText: 'One two three eight nine ten.',
      inaudible: [{ why: 'muted', fromMs: 350, toMs: 650 }],
    });
    const last = stage.events.ofType('response_playback_progressed').at(-1);
    expect(last).toMatchObject({ heardMs: 700 });
  });

  it('[AU3] muted to its end, it was not heard to its end', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(400);
    hear(stage, 'muted');
    stage.clock.advance(2000);
    expect(only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 400,
      heardText: 'One two three four',
    });
  });

  it('[AU5][TK1] starts when somebody can hear it, and so does its task', () => {
    const stage = new Stage({ listener: {} });
    hear(stage, 'muted');
    const { only, taskCalls } = stageWithWords(stage);
    stage.clock.advance(620);
    expect(taskCalls()).toBe(0);
    hear(stage, 'listening');
    stage.clock.advance(100);

    expect(only('response_playback_started')).toMatchObject({
      startedAtMs: 620,
      evidence: 'device',
    });
    expect(taskCalls()).toBe(1);
    stage.clock.advance(2000);
    expect(only('response_playback_finished')).toMatchObject({
      heardMs: 380,
      heardText: 'eight nine ten.',
    });
    expect(only('response_playback_refined')).toBeUndefined();
  });

  it('[AU5][PB5] by estimate, too', () => {
    const stage = new Stage();
    hear(stage, 'nobody');
    const { only, taskCalls } = stageWithWords(stage);
    stage.clock.advance(600);
    hear(stage, 'listening');
    stage.clock.advance(1);
    expect(only('response_playback_started')).toMatchObject({
      startedAtMs: 600,
      evidence: 'estimate',
    });
    expect(taskCalls()).toBe(1);
    stage.clock.advance(2000);
    expect(only('response_playback_finished')).toMatchObject({ heardMs: 400 });
  });

  it('[AU6] a change that is known late counts from its instant', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(500);
    hear(stage, 'muted', 420);
    stage.clock.advance(200);
    hear(stage, 'listening', 640);
    stage.clock.advance(2000);
    expect(only('response_playback_finished')).toMatchObject({
      heardMs: 780,
      inaudible: [{ fromMs: 420, toMs: 640 }],
      heardText: 'One two three four eight nine ten.',
    });
  });

  it('[AU6] what was announced as heard keeps its first sample, however late the change is known', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(200);
    hear(stage, 'muted', 0);
    stage.clock.advance(2000);
    const { heardSamples, heardText } = only('response_playback_finished') ?? {};
    expect({ heardSamples, heardText }).toEqual({ heardSamples: 1, heardText: '' });
  });
});

describe('a listener who does not answer', () => {
  it('[AU4] is believed for what it reports', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(300);
    hear(stage, 'silent');
    stage.clock.advance(2000);
    expect(only('response_playback_finished')).toMatchObject({ outcome: 'heard', heardMs: 1000 });
  });

  it('[AU4] what is neither reported nor answered does not count as heard', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(300);
    stage.listener.faults = { lose: 1 };
    hear(stage, 'silent');
    stage.clock.advance(5000);
    expect(only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 300,
      inaudible: [{ why: 'silent', fromMs: 300, toMs: 1000 }],
    });
  });
});

describe('skipping what nobody can hear', () => {
  it('[AU7] ends at once what plays and what comes, until somebody can hear', () => {
    const { stage, only } = stageWithWords();
    stage.clock.advance(400);
    stage.timeline.audibilityChanged('nobody', { whileInaudible: 'skips' });
    expect(only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 400,
    });

    stage.say(stage.openTurn(), 'Unheard.', 500);
    expect(only('response_skipped')).toMatchObject({ reason: 'no_listener', atMs: 400 });
    hear(stage, 'listening');
    stage.events.clear();
    stage.listener.join();
    stage.say(stage.openTurn(), 'Heard.', 500);
    stage.clock.advance(1000);
    expect(only('response_playback_finished')).toMatchObject({ outcome: 'heard' });
  });
});
