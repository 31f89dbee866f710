import type { voice } from '@livekit/agents';
import { type AgentMs, type ResponseId, Timeline, type Turn } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { expect, it } from 'vitest';
import { FailOpen } from '../../src/fail_open.ts';
import { AbsenceState } from '../../src/output/state/absence_state.ts';

const RATE_HZ = 8000;

/** A session of which a response has begun to be heard. */
function speaking(isLive: boolean = true): {
  clock: ManualClock;
  timeline: Timeline;
  states: voice.AgentState[];
  told: string[];
  id: ResponseId;
  turn: Turn;
} {
  const clock = new ManualClock(1000);
  const timeline = new Timeline({ clock });
  const states: voice.AgentState[] = ['speaking'];
  const told: string[] = [];
  const session = {
    get agentState() {
      return states.at(-1);
    },
    activity: {
      audioRecognition: {
        onStartOfAgentSpeech: () => told.push('speaks'),
        onEndOfAgentSpeech: () => told.push('is silent'),
      },
    },
    _updateAgentState: (state: voice.AgentState) => states.push(state),
  } as unknown as voice.AgentSession;
  const absence = new AbsenceState({
    session,
    timeline,
    clock,
    isLive: () => isLive,
    failOpen: new FailOpen(),
  });
  timeline.onAny((event) => absence.follow(event));
  const turn = timeline.openTurn();
  turn.goLive();
  const { id } = turn.begin();
  timeline.audioSent(id, RATE_HZ * 5, RATE_HZ);
  clock.advance(1000);
  return { clock, timeline, states, told, id, turn };
}

it('[AU11] the agent does not speak while nobody is there, and does again when somebody is back', () => {
  const { timeline, states } = speaking();

  timeline.audibilityChanged('nobody');
  expect(states).toEqual(['speaking', 'listening']);

  timeline.audibilityChanged('listening');
  expect(states).toEqual(['speaking', 'listening', 'speaking']);
});

it('[AU11] a mute does not change what the agent does', () => {
  const { timeline, states } = speaking();

  timeline.audibilityChanged('muted');
  timeline.audibilityChanged('listening');

  expect(states).toEqual(['speaking']);
});

it('[AU11] a state that was set meanwhile stays', () => {
  const { timeline, states } = speaking();
  timeline.audibilityChanged('nobody');
  states.push('thinking');

  timeline.audibilityChanged('listening');

  expect(states.at(-1)).toBe('thinking');
});

it('[AU11] a speech that is over sets no state', () => {
  const { timeline, states } = speaking(false);

  timeline.audibilityChanged('nobody');

  expect(states).toEqual(['speaking']);
});

it('[AU11] the agent does not speak on when the sound should have ended and the listener answers no ping', () => {
  const { clock, timeline, states } = speaking();
  timeline.listenerChanged(true);
  timeline.listenerAnswers(false);

  clock.advance(3500);
  expect(states).toEqual(['speaking']);
  clock.advance(1000);
  expect(states).toEqual(['speaking', 'listening']);
  timeline.audibilityChanged('silent');
  expect(states.at(-1)).toBe('listening');
});

it('[AU11] nor when the response has ended, and what is sent next is not heard', () => {
  const { clock, timeline, states, id, turn } = speaking();
  timeline.listenerChanged(true);
  timeline.audioEnded(id);
  const next = turn.begin().id;
  clock.advance(4000);
  timeline.playhead({
    responseId: id,
    startedAtMs: 1000 as AgentMs,
    heardSamples: RATE_HZ * 5,
    positionAtMs: clock.nowMs(),
    phase: 'ended',
    evidence: 'device',
    errorBoundMs: 1,
  });
  timeline.audioSent(next, RATE_HZ, RATE_HZ);
  timeline.listenerAnswers(false);

  clock.advance(900);
  expect(states).toEqual(['speaking']);
  clock.advance(1000);
  expect(states).toEqual(['speaking', 'listening']);
});

it('[AU11] what was heard long ago does not make the agent speak again, and what is heard now does', () => {
  const { clock, timeline, states, id } = speaking();
  timeline.listenerChanged(true);
  timeline.listenerAnswers(false);
  clock.advance(4500);
  expect(states).toEqual(['speaking', 'listening']);
  timeline.listenerAnswers(true);
  const report = (heardSamples: number, agoMs: number): void =>
    timeline.playhead({
      responseId: id,
      startedAtMs: 1000 as AgentMs,
      heardSamples,
      positionAtMs: (clock.nowMs() - agoMs) as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 1,
    });

  report(RATE_HZ * 2, 2500);
  expect(states.at(-1)).toBe('listening');
  report(RATE_HZ * 3, 100);
  expect(states.at(-1)).toBe('speaking');
});

it('[AU11] a listener that answers is waited for, though its report is late', () => {
  const { clock, timeline, states } = speaking();
  timeline.listenerChanged(true);

  clock.advance(4200);

  expect(states).toEqual(['speaking']);
});

it('[AU20] the recognition of the user is told that the agent is not heard, and that it is again', () => {
  const { timeline, told } = speaking();

  timeline.audibilityChanged('nobody');
  expect(told).toEqual(['is silent']);

  timeline.audibilityChanged('listening');
  expect(told).toEqual(['is silent', 'speaks']);
});
