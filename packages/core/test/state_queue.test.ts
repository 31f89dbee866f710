// Tests for SPEC.md, "State queue".
import { describe, expect, it } from 'vitest';
import type { AgentStateName } from '../src/index.ts';
import type { EventCapture } from '../src/testing/index.ts';
import { Stage } from './support/stage.ts';

/** The agent states that an application's handler sees, with their instants. */
function states(events: EventCapture): Array<[AgentStateName, number]> {
  return events.ofType('agent_state_applied').map(({ state, atMs }) => [state, atMs]);
}

describe('state queue', () => {
  it('[SQ1][SQ2] a state takes effect when everything before it has ended, and speaking when each response sounds', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.clock.advance(500);
    stage.say(turn, 'Two.', 100);
    turn.close();
    stage.clock.advance(500);

    expect(states(stage.events)).toEqual([
      ['speaking', 40],
      ['thinking', 140],
      ['speaking', 540],
    ]);
  });

  it('[SQ1] between two responses without a gap, a state takes effect before the second is heard', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    turn.close();
    stage.clock.advance(1000);

    expect(states(stage.events)).toEqual([
      ['speaking', 0],
      ['thinking', 100],
      ['speaking', 100],
    ]);
  });

  it('[SQ1][regression] a state takes effect before the second response even if the first end is not reported', () => {
    // The start of the second ends the first. The state between them was only applied after that start.
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.listener.faults = {
      lose: (message) => message.type === 'playhead' && message.phase === 'ended',
    };

    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(150);

    expect(states(stage.events).map(([state]) => state)).toEqual([
      'speaking',
      'thinking',
      'speaking',
    ]);
  });

  it('[SQ1][regression] a start that ends two responses applies the state between them in order', () => {
    // Found by the property test: both had ended before the state between them was considered.
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    const third = stage.say(turn, 'Three.', 100);

    // Nobody has reported: the estimate would wait for that, and the third has begun.
    stage.timeline.listenerChanged(true);
    stage.clock.advance(250);
    const nowMs = stage.clock.nowMs();
    stage.timeline.playhead({
      responseId: third,
      startedAtMs: nowMs,
      heardSamples: 1,
      positionAtMs: nowMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    });

    expect(states(stage.events).map(([state]) => state)).toEqual([
      'speaking',
      'thinking',
      'speaking',
      'speaking',
    ]);
  });

  it('[SQ1] a state before the first response waits for the floor', () => {
    const stage = new Stage();
    const waiting = stage.timeline.openTurn();

    waiting.queueAgentState('thinking');
    stage.clock.advance(100);
    expect(states(stage.events)).toEqual([]);
    waiting.goLive();

    expect(states(stage.events)).toEqual([['thinking', 100]]);
  });

  it('[SQ1] a state between responses that are not heard is still applied', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    turn.begin();
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(1000);

    expect(states(stage.events).map(([state]) => state)).toEqual(['thinking', 'speaking']);
  });

  it('[SQ3] states apply in order, each once', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    turn.queueAgentState('listening');
    turn.queueAgentState('thinking');
    turn.close();
    stage.clock.advance(1000);

    expect(states(stage.events)).toEqual([
      ['speaking', 0],
      ['thinking', 100],
      ['listening', 100],
      ['thinking', 100],
    ]);
  });

  it('[SQ3][SQ4] a state that is not reached is dropped with the reason, and none outlives its turn', () => {
    const cut = new Stage();
    const ended = new Stage();
    const closed = new Stage();
    for (const stage of [cut, ended, closed]) {
      const turn = stage.openTurn();
      stage.say(turn, 'One.', 1000);
      turn.queueAgentState('thinking');
      turn.addText('Never sent.');
      turn.queueAgentState('idle');
      stage.clock.advance(100);
      if (stage === cut) stage.cut();
      else if (stage === ended) turn.end();
      else void stage.timeline.close();
      stage.clock.advance(5000);
    }

    const dropped = [cut, ended, closed].map(({ events }) =>
      events.ofType('agent_state_dropped').map(({ state, reason }) => `${state}: ${reason}`),
    );
    expect(dropped).toEqual([
      ['thinking: cut', 'idle: cut'],
      ['thinking: turn_ended', 'idle: turn_ended'],
      ['thinking: closed', 'idle: closed'],
    ]);
  });

  it('[SQ3][regression] a state after a response that a close cuts is dropped as closed', () => {
    // Found by the property test: the cut that close causes came first, and its reason was given instead.
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');

    void stage.timeline.close();

    expect(stage.events.only('agent_state_dropped').reason).toBe('closed');
  });

  it('[SQ4] a start that is only known after the cut does not put the agent in speaking', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 60 } } });
    stage.clock.advance(100);
    stage.say(stage.openTurn(), 'Hello.', 1000);

    stage.clock.advance(30);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').outcome).toBe('cut');
    expect(states(stage.events)).toEqual([]);
  });

  it('[SQ5] a state that LiveKit does not know throws and queues nothing', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    expect(() => turn.queueAgentState('singing' as AgentStateName)).toThrow(
      expect.objectContaining({ code: 'ONCUE_UNKNOWN_STATE' }),
    );

    expect(stage.events.all).toEqual([]);
  });

  it('[SQ3] applyState runs before the listeners of agent_state_applied', () => {
    const order: string[] = [];
    const stage = new Stage({ applyState: ({ state }) => order.push(`applied ${state}`) });
    stage.timeline.on('agent_state_applied', ({ state }) => order.push(`reported ${state}`));

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(0);

    expect(order).toEqual(['applied speaking', 'reported speaking']);
  });
});

describe('a pause', () => {
  it('[SQ6] what becomes due in it takes effect when playout goes on', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    turn.close();
    stage.clock.advance(120);

    // As a device that has taken 20 ms of the second response when the pause comes.
    stage.timeline.pause();
    stage.clock.advance(300);
    expect(stage.events.ofType('response_playback_started')).toHaveLength(2);
    expect(states(stage.events)).toEqual([['speaking', 40]]);
    stage.timeline.resume();

    expect(states(stage.events)).toEqual([
      ['speaking', 40],
      ['thinking', 420],
      ['speaking', 420],
    ]);
  });

  it('[SQ6] a cut in it drops them', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    turn.queueAgentState('thinking');
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(120);

    stage.timeline.pause();
    stage.clock.advance(30);
    stage.timeline.cut('user_speech');
    stage.clock.advance(1000);

    expect(states(stage.events)).toEqual([['speaking', 40]]);
    expect(stage.events.only('agent_state_dropped')).toMatchObject({
      state: 'thinking',
      reason: 'cut',
    });
  });

  it('[SQ6] each takes effect once, however often playout stands still', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.timeline.pause();
    turn.queueAgentState('thinking');
    expect(states(stage.events)).toEqual([]);
    stage.timeline.resume();
    stage.timeline.pause();
    stage.timeline.resume();

    expect(states(stage.events)).toEqual([['thinking', 0]]);
  });

  it('[SQ6] a cut drops those of a turn that has nothing to cut', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.timeline.pause();
    turn.queueAgentState('thinking');
    stage.timeline.cut('user_speech');
    stage.timeline.pause();
    stage.timeline.resume();

    expect(states(stage.events)).toEqual([]);
    expect(stage.events.only('agent_state_dropped')).toMatchObject({ reason: 'cut' });
  });
});
