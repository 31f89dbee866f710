import { EventEmitter } from 'node:events';
import { voice } from '@livekit/agents';
import { type AgentMs, Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { FailOpen } from '../../src/fail_open.ts';
import { ThinkingSoundEnd } from '../../src/output/state/thinking_sound_end.ts';
import { ThinkingPlayer } from '../support/thinking_player.ts';

const RATE_HZ = 8000;
const { AgentStateChanged } = voice.AgentSessionEventTypes;

/** The part of a session that background audio uses. */
class StateOnly extends EventEmitter {
  agentState: voice.AgentState = 'listening';

  set(newState: voice.AgentState): void {
    const oldState = this.agentState;
    this.agentState = newState;
    this.emit(AgentStateChanged, { type: AgentStateChanged, oldState, newState, createdAt: 0 });
  }
}

async function stage() {
  const clock = new ManualClock(1000);
  const timeline = new Timeline({ clock });
  // The way to the listener.
  timeline.pathEstimated(300, 50);
  const states = new StateOnly();
  const session = states as unknown as voice.AgentSession;
  const end = new ThinkingSoundEnd({ session, timeline, clock, failOpen: new FailOpen() });
  const player = await ThinkingPlayer.start(session);
  const turn = timeline.openTurn();
  turn.goLive();
  return { clock, timeline, states, end, player, turn };
}

/** Half a second of audio that leaves the agent at an instant, and ends there. */
function send(
  { timeline, end, turn }: Awaited<ReturnType<typeof stage>>,
  leavesAtMs: number,
): void {
  const { id } = turn.begin();
  turn.addText('alpha. ');
  end.reviewSoon();
  timeline.audioSent(id, RATE_HZ / 2, RATE_HZ, leavesAtMs as AgentMs);
}

describe("[LK22] the thinking sound of LiveKit's background audio", () => {
  it('[LK22] ends when the audio of the response leaves the agent, and the state is still "thinking"', async () => {
    const run = await stage();
    run.states.set('thinking');
    expect(run.player.isPlaying).toBe(true);

    send(run, 1200);
    run.clock.advance(199);
    expect(run.player.isPlaying).toBe(true);
    run.clock.advance(2);

    expect(run.player.isPlaying).toBe(false);
    expect(run.states.agentState).toBe('thinking');
  });

  it('[LK22] does not go on when the agent is said to think after the audio has left', async () => {
    const run = await stage();
    run.states.set('speaking');
    send(run, 1000);
    run.clock.advance(50);

    run.states.set('thinking');
    run.clock.advance(0);

    expect(run.player.isPlaying).toBe(false);
  });

  it('[LK22] goes on while nothing has left: the model still writes, or playout is paused', async () => {
    const run = await stage();
    run.states.set('thinking');
    run.clock.advance(500);
    expect(run.player.isPlaying).toBe(true);

    run.timeline.pause();
    send(run, 1600);
    run.clock.advance(400);

    expect(run.player.isPlaying).toBe(true);
  });

  it('[LK22] goes on over a response that is heard already: its beginning is over', async () => {
    const run = await stage();
    run.states.set('speaking');
    send(run, 1000);
    run.timeline.playhead({
      responseId: run.timeline.state.playout[0] as never,
      startedAtMs: 1100 as AgentMs,
      heardSamples: 1,
      positionAtMs: 1100 as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 5,
    });
    run.clock.advance(200);

    run.states.set('thinking');
    run.clock.advance(20);

    expect(run.player.isPlaying).toBe(true);
  });

  it('[LK22] no other handler of the state is called', async () => {
    const run = await stage();
    const seen: string[] = [];
    run.states.on(AgentStateChanged, ({ newState }) => seen.push(newState));
    run.states.on(AgentStateChanged, function onAgentStateChanged({ newState }) {
      seen.push(newState);
    });
    run.states.set('thinking');
    send(run, 1000);
    run.clock.advance(100);

    expect(run.player.isPlaying).toBe(false);
    expect(seen).toEqual(['thinking', 'thinking']);
  });
});
