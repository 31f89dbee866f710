// Tests for SPEC.md: what single inputs of a timeline do, and what they leave as it is.
import { describe, expect, it } from 'vitest';
import { type AgentMs, initialState, step, type TimelineInput } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const CORRECTED = { messageId: 'item_1', text: 'One.', before: 'One. Two.' };

describe('inputs of a timeline', () => {
  it('[LK21] a corrected message is an event, also after the close', async () => {
    const stage = new Stage();
    stage.timeline.messageCorrected(CORRECTED);
    await stage.timeline.close();
    stage.timeline.messageCorrected(CORRECTED);

    expect(stage.events.ofType('chat_message_corrected')).toMatchObject([CORRECTED, CORRECTED]);
  });

  it('[CL1] other inputs to a closed timeline give no event', async () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const id = stage.say(turn, 'One.', 500);
    await stage.timeline.close();
    stage.events.clear();

    stage.timeline.listenerChanged(true);
    stage.timeline.audibilityChanged('muted');
    stage.timeline.wordsTimed(id, [{ text: 'One', endSamples: 10 }]);
    stage.timeline.pathEstimated(100, 10);
    stage.timeline.pause();
    stage.timeline.resume();
    stage.timeline.cut('code');
    turn.end();
    stage.clock.advance(5000);

    expect(stage.events.types()).toEqual([]);
  });

  it('[CL1][LK19] what plays at the close is cut by it', async () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(100);
    await stage.timeline.close();

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      cutBy: 'close',
    });
  });

  it('[TK4] a task that is cancelled is aborted, whenever that is', () => {
    const inputs = [
      { type: 'turn_opened', turnId: 'T' },
      { type: 'response_begun', turnId: 'T', responseId: 'T/0', index: 0, implicit: false },
      {
        type: 'task_bound',
        responseId: 'T/0',
        taskId: 't',
        timing: 'confirmed',
        abortOnCut: false,
      },
      { type: 'audio_sent', responseId: 'T/0', samples: samplesIn(100), sampleRateHz: 48_000 },
      { type: 'tick' },
      { type: 'task_cancelled', taskId: 't', reason: 'closed' },
    ] as unknown as TimelineInput[];
    let state = initialState();
    const types = inputs.flatMap((input, index) => {
      const result = step(state, { ...input, atMs: (10 * index) as AgentMs });
      state = result.state;
      return result.events.map(({ type }) => type);
    });

    expect(types).toEqual([
      'response_declared',
      'response_playback_started',
      'agent_state_applied',
      'task_started',
      'task_aborted',
    ]);
    expect(state.runningTasks).toEqual([]);
  });

  it('[LW10] when a listener leaves, the delay of the path that it showed is still used', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 80 } });
    stage.say(stage.openTurn(), 'One.', 200);
    stage.clock.advance(1000);
    stage.listener.leave();
    stage.events.clear();
    stage.say(stage.openTurn(), 'Two.', 200);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_started')).toMatchObject({
      evidence: 'estimate',
      startedAtMs: 1080,
    });
  });

  it('[LW4] that a listener is there is said once', () => {
    const stage = new Stage();
    for (const listening of [true, true, false, false]) stage.timeline.listenerChanged(listening);

    const changes = stage.events.ofType('listener_changed').map(({ listening }) => listening);
    expect(changes).toEqual([true, false]);
  });

  it('[PB10][RS3] a cut ends the turn that speaks, and not the one that waits for the floor', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'One.', 500);
    const next = stage.timeline.openTurn();
    stage.clock.advance(100);
    stage.cut();
    next.goLive();
    const id = stage.say(next, 'Two.', 200);
    stage.clock.advance(1000);

    const ends = stage.events.ofType('response_playback_finished');
    expect(ends.map(({ outcome }) => outcome)).toEqual(['cut', 'heard']);
    expect(ends[1]?.responseId).toBe(id);
  });
});
