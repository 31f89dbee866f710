import type { TaskStarted } from '@oncue/core';
import { expect, it } from 'vitest';
import { type AgentTurn, type LlmChunk, OncueAgent } from '../../src/index.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';

/** The agent of livekit/agents#4213: two answers in one `llmNode`, each with a task of its own. */
class TwoAnswers extends OncueAgent {
  readonly tasks: TaskStarted[] = [];

  constructor() {
    super({ instructions: '' });
  }

  protected override async *respond(turn: AgentTurn): AsyncGenerator<LlmChunk> {
    turn.begin({ metadata: 'first', onPlaybackStarted: (event) => void this.tasks.push(event) });
    yield 'alpha beta ';
    yield 'gamma delta';
    turn.queueAgentState('thinking');
    turn.begin({ metadata: 'second', onPlaybackStarted: (event) => void this.tasks.push(event) });
    yield 'epsilon zeta';
  }
}

async function twoAnswers(): Promise<{ readonly run: SessionRun; readonly agent: TwoAnswers }> {
  const agent = new TwoAnswers();
  const run = await startSession({ agent });
  await run.reply();
  return { run, agent };
}

it('[LK1] the plain state handler sees each response begin and end', async () => {
  const { run } = await twoAnswers();

  expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
});

it('[LK1][SQ1][SQ2] each state changes when the playhead gets there, not when the text is generated', async () => {
  const { run } = await twoAnswers();
  const [, , speaking, thinking, speakingAgain, listening] = run.states;

  expect(speaking?.atMs).toBe(run.soundedAtMs('alpha'));
  expect(thinking?.atMs).toBe(run.soundedAtMs('alpha') + 400);
  expect(speakingAgain?.atMs).toBe(run.soundedAtMs('epsilon'));
  expect(listening?.atMs).toBe(run.soundedAtMs('epsilon') + 200);
});

it('[LK1][TK1] one task starts for each response, with the instant of its first sample', async () => {
  const { run, agent } = await twoAnswers();

  expect(agent.tasks.map(({ metadata, startedAtMs }) => ({ metadata, startedAtMs }))).toEqual([
    { metadata: 'first', startedAtMs: run.soundedAtMs('alpha') },
    { metadata: 'second', startedAtMs: run.soundedAtMs('epsilon') },
  ]);
  expect(run.of('task_finished')).toHaveLength(2);
});

it('[LK4] a second response that is already synthesised follows without a missing sample', async () => {
  const { run } = await twoAnswers();

  expect(run.soundedAtMs('epsilon')).toBe(run.soundedAtMs('alpha') + 400);
});

it('[LK1][LK7] both answers are one message, and both are reported as heard', async () => {
  const { run } = await twoAnswers();

  expect(run.chat).toEqual([{ text: 'alpha beta gamma deltaepsilon zeta', interrupted: false }]);
  expect(run.ends).toEqual(['heard: alpha beta gamma delta', 'heard: epsilon zeta']);
});

it('[LK6] each segment is reported as finished once, and none stays open', async () => {
  const { run } = await twoAnswers();

  expect(
    run.finishes.map(({ playbackPosition, interrupted }) => ({ playbackPosition, interrupted })),
  ).toEqual([
    { playbackPosition: 0.4, interrupted: false },
    { playbackPosition: 0.2, interrupted: false },
  ]);
  expect(run.unfinishedSegments).toBe(0);
  expect(run.clock.pendingCount).toBe(0);
});
