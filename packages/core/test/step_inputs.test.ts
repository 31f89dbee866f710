// Tests for SPEC.md: what single inputs of a timeline do, and what they leave as it is.
import { describe, expect, it } from 'vitest';
import { type AgentMs, initialState, step, type TimelineInput } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';
import { Stage, samplesIn } from './support/stage.ts';

const CORRECTED = { messageId: 'item_1', text: 'One.', before: 'One. Two.' };

const BEGUN = { type: 'response_begun', turnId: 'T', responseId: 'T/0', index: 0, implicit: false };

/** Gives a new timeline inputs 10 ms apart. */
function take(...inputs: object[]) {
  let state = initialState();
  const events = inputs.flatMap((input, index) => {
    const result = step(state, { ...input, atMs: (10 * index) as AgentMs } as TimelineInput);
    state = result.state;
    return result.events;
  });
  return { state, events };
}

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
    const { state, events } = take(
      { type: 'turn_opened', turnId: 'T' },
      BEGUN,
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
    );

    expect(events.map(({ type }) => type)).toEqual([
      'response_declared',
      'response_playback_started',
      'agent_state_applied',
      'task_started',
      'task_aborted',
    ]);
    expect(state.runningTasks).toEqual([]);
  });

  it('[MK3][TK2] a cut does not abort the task of a mark unless that was asked for', () => {
    const { events } = take(
      { type: 'turn_opened', turnId: 'T' },
      BEGUN,
      { type: 'mark_placed', responseId: 'T/0', name: 'start', taskId: 't' },
      { type: 'text_added', responseId: 'T/0', text: 'One.' },
      { type: 'audio_sent', responseId: 'T/0', samples: samplesIn(100), sampleRateHz: 48_000 },
      { type: 'tick' },
      { type: 'cut', by: 'user_speech' },
    );

    const tasks = events.filter(({ type }) => type.startsWith('task_'));
    expect(tasks.map(({ type }) => type)).toEqual(['task_started']);
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

  it('[RS1] a turn and a response that come twice are one', () => {
    const opened = { type: 'turn_opened', turnId: 'T' };
    const { state, events } = take(opened, opened, BEGUN, BEGUN);

    expect(state.turns).toHaveLength(1);
    expect(state.turns[0]?.items).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(['response_declared']);
  });

  it('[RS6] what belongs to no turn is skipped, dropped, or changes nothing, and says why', () => {
    const { state, events } = take(
      BEGUN,
      { type: 'state_queued', turnId: 'T', state: 'thinking' },
      { type: 'turn_ended', turnId: 'T' },
      { type: 'response_failed', responseId: 'T/0', detail: 'late' },
    );

    expect(events).toMatchObject([
      { type: 'response_declared' },
      { type: 'response_skipped', reason: 'not_played' },
      { type: 'agent_state_dropped', reason: 'turn_ended' },
    ]);
    expect(state.turns).toEqual([]);
  });

  it('[PB2] a response that was declared without metadata has none', () => {
    const { events } = take({ type: 'turn_opened', turnId: 'T' }, BEGUN);
    expect(events[0]).not.toHaveProperty('metadata');
  });

  it('[RS7] a response that fails twice says why it failed first', () => {
    const stage = new Stage();
    const { id } = stage.openTurn().begin();
    stage.timeline.responseFailed(id, 'the first reason');
    stage.timeline.responseFailed(id, 'the second');
    stage.endAudio(id);

    expect(stage.events.only('response_skipped')).toMatchObject({
      reason: 'failed',
      detail: 'the first reason',
    });
  });

  it('[SQ1] audio says that its turn has the floor: a state before it takes effect', () => {
    const stage = new Stage();
    const turn = stage.timeline.openTurn();
    turn.queueAgentState('thinking');
    stage.say(turn, 'One.', 100);

    expect(stage.events.ofType('agent_state_applied')).toMatchObject([{ state: 'thinking' }]);
  });
});

describe('when audio leaves at the earliest', () => {
  it('[LW9] what is sent after a cut does not wait for what was cut', () => {
    const { stage, report } = silent();
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(100);
    stage.timeline.cut('user_speech');
    stage.clock.advance(50);
    const id = stage.say(stage.openTurn(), 'Two.', 500);
    stage.clock.advance(100);
    report(id, 50, { startMs: 200, atMs: 250 });

    expect(stage.events.ofType('report_dropped')).toEqual([]);
    expect(stage.events.ofType('response_playback_started').at(-1)).toMatchObject({
      responseId: id,
      startedAtMs: 200,
    });
  });

  it('[LW9] what is sent while the queue stands still leaves when it goes on', () => {
    const { stage, report } = silent();
    stage.clock.advance(100);
    stage.timeline.pause('queue');
    stage.clock.advance(100);
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(300);
    report(id, 50, { startMs: 300, atMs: 350 });
    expect(stage.events.only('report_dropped').reason).toBe('before_it_left');

    stage.timeline.resume();
    stage.clock.advance(200);
    report(id, 100, { startMs: 510, atMs: 610 });
    expect(stage.events.only('response_playback_started').startedAtMs).toBe(510);
  });

  it('[LW9] after such a pause audio leaves when it is sent', () => {
    const { stage, report } = silent();
    stage.timeline.pause('queue');
    stage.clock.advance(100);
    stage.timeline.resume();
    stage.clock.advance(100);
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(100);
    report(id, 50, { startMs: 150, atMs: 200 });
    expect(stage.events.only('report_dropped').reason).toBe('before_it_left');
    report(id, 50, { startMs: 220, atMs: 270 });
    expect(stage.events.only('response_playback_started').startedAtMs).toBe(220);
  });
});
