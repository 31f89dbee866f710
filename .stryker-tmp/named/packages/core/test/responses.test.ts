// Tests for SPEC.md, "Responses".
import { describe, expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import { Stage } from './support/stage.ts';

describe('responses', () => {
  it('[RS1] declares in order, and opens an implicit response for text outside a response', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    turn.addText('Hello.');
    turn.begin({ metadata: 'declared' });
    turn.addText('One ');
    turn.addText('two.');
    turn.endResponse();
    turn.addText('Three.');

    const declared = stage.events.ofType('response_declared');
    expect(declared.map(({ index, implicit, metadata }) => [index, implicit, metadata])).toEqual([
      [0, true, undefined],
      [1, false, 'declared'],
      [2, true, undefined],
    ]);
  });

  it('[RS1] text after a queued state opens a response of its own', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    turn.addText('One.');
    turn.queueAgentState('thinking');
    turn.addText('Two.');

    expect(stage.events.ofType('response_declared')).toHaveLength(2);
  });

  it('[RS2] a turn that declares nothing is one implicit response with all its text', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    const { id } = turn.addText('One. ');
    turn.addText('Two.');
    turn.close();
    stage.send(id, 100);
    stage.endAudio(id);
    stage.clock.advance(200);

    expect(stage.events.only('response_declared').implicit).toBe(true);
    expect(stage.events.only('response_playback_finished').fullText).toBe('One. Two.');
  });

  it('[RS3] each response ends once: heard, cut, skipped or failed', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();

    stage.say(turn, 'Heard.', 100, { metadata: 'heard' });
    const broken = turn.begin({ metadata: 'failed' }).id;
    turn.addText('Broken off.');
    stage.send(broken, 100);
    stage.timeline.responseFailed(broken, 'no voice');
    stage.endAudio(broken);
    turn.begin({ metadata: 'skipped' });
    stage.say(turn, 'Cut in the middle.', 100, { metadata: 'cut' });
    stage.clock.advance(250);
    stage.cut();
    turn.close();
    stage.clock.advance(5000);

    const ends = stage.events.all.flatMap((event) => {
      if (event.type === 'response_playback_finished') return [[event.metadata, event.outcome]];
      if (event.type === 'response_skipped') return [[event.metadata, 'skipped']];
      return [];
    });
    expect(ends).toEqual([
      ['heard', 'heard'],
      ['failed', 'failed'],
      ['skipped', 'skipped'],
      ['cut', 'cut'],
    ]);
    expect(stage.timeline.state.turns).toEqual([]);
  });

  it('[RS3] an end report repeated after the end changes nothing', () => {
    const stage = new Stage({ listener: { faults: { repeat: () => true } } });

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(1000);

    expect(stage.events.ofType('response_playback_finished')).toHaveLength(1);
  });

  it('[RS4] a response without text or without audio is skipped at once and delays nothing', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    turn.begin();
    turn.addText(' \n');
    const silent = turn.begin().id;
    turn.addText('Nothing can be said of this.');
    stage.timeline.audioEnded(silent);
    stage.say(turn, 'Hello.', 100);
    stage.clock.advance(1);

    const skipped = stage.events.ofType('response_skipped');
    expect(skipped.map(({ index, reason, atMs }) => [index, reason, atMs])).toEqual([
      [0, 'no_text', 0],
      [1, 'no_audio', 0],
    ]);
    expect(stage.events.only('response_playback_started').index).toBe(2);
  });

  it('[RS5] sequence numbers increase by one from 1', () => {
    const stage = new Stage();

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(1000);

    const seqs = stage.events.all.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('[RS5] an input made inside a callback comes after all events before it', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const order: string[] = [];
    stage.timeline.on('response_playback_started', () => {
      stage.cut();
      order.push('callback returned');
    });
    stage.timeline.onAny(({ type }) => order.push(type));

    stage.say(turn, 'Hello.', 100);
    stage.clock.advance(0);

    expect(order.slice(1)).toEqual([
      'callback returned',
      'response_playback_started',
      'agent_state_applied',
      'response_playback_progressed',
      'response_playback_finished',
    ]);
  });

  it('[RS5] when a later response sounds, the earlier one has ended, even if its end report is lost', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.listener.faults = {
      lose: (message) => message.type === 'playhead' && message.responseId.endsWith('.0'),
    };

    stage.say(turn, 'One.', 100);
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(150);

    expect(stage.events.types('response_playback_started', 'response_playback_finished')).toEqual([
      'response_playback_started',
      'response_playback_finished',
      'response_playback_started',
    ]);
    const [first, second] = stage.events.ofType('response_playback_started');
    expect(first).toMatchObject({ index: 0, evidence: 'estimate', startedAtMs: 0 });
    expect(second).toMatchObject({ index: 1, evidence: 'device', startedAtMs: 100 });
  });

  it('[RS5] an estimated start is as early as the measured start of the next response proves', () => {
    const stage = new Stage({ listener: {}, options: { estimateDelayMs: 400 } });
    const turn = stage.openTurn();
    stage.listener.faults = {
      lose: (message) => message.type === 'playhead' && message.responseId.endsWith('.0'),
    };

    stage.say(turn, 'One.', 100);
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(150);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 100]);
  });

  it('[RS5] audio of a later response ends that of the earlier ones', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const first = turn.begin().id;
    turn.addText('Never spoken.');
    const second = turn.begin().id;
    turn.addText('Spoken, its end untold.');
    const third = turn.begin().id;
    turn.addText('Spoken.');

    stage.send(second, 100);
    stage.send(third, 100);
    stage.send(first, 100);
    stage.endAudio(third);
    stage.clock.advance(1000);

    expect(stage.events.only('response_skipped')).toMatchObject({ index: 0, reason: 'no_audio' });
    const finished = stage.events.ofType('response_playback_finished');
    expect(finished.map(({ index, outcome }) => [index, outcome])).toEqual([
      [1, 'heard'],
      [2, 'heard'],
    ]);
  });

  it('[RS6] begin, queueAgentState and addText throw after the turn has ended by itself', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    turn.addText('Hello.');
    turn.close();

    const refused = expect.objectContaining({ code: 'ONCUE_TURN_ENDED' });
    expect(() => turn.begin()).toThrow(refused);
    expect(() => turn.queueAgentState('thinking')).toThrow(refused);
    expect(() => turn.addText('More.')).toThrow(refused);
  });

  it('[RS6] after a cut they do not throw, and what they declare is skipped or dropped', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const started: ResponseId[] = [];
    stage.say(turn, 'Cut.', 1000);
    stage.clock.advance(100);

    stage.cut();
    const { id } = turn.begin({
      onPlaybackStarted: (event) => void started.push(event.responseId),
    });
    turn.addText('Never heard.');
    turn.queueAgentState('thinking');
    turn.abandon();
    turn.addText('Nor this.');

    expect(stage.events.ofType('response_skipped').map(({ index }) => index)).toEqual([1, 2]);
    expect(stage.events.ofResponse(id).map(({ type }) => type)).toEqual([
      'response_declared',
      'response_skipped',
    ]);
    expect(stage.events.only('agent_state_dropped').state).toBe('thinking');
    expect(started).toEqual([]);
    expect(stage.timeline.state.turns).toEqual([]);
  });

  it('[RS7] a failure skips the response before its first sample is heard, and ends it as failed after', () => {
    const stage = new Stage();
    const turn = stage.openTurn();

    const silent = turn.begin().id;
    turn.addText('Never spoken.');
    stage.timeline.responseFailed(silent, 'no voice');
    stage.timeline.audioEnded(silent);
    const broken = turn.begin().id;
    turn.addText('One two three four five six seven eight nine ten.');
    stage.send(broken, 600);
    stage.timeline.responseFailed(broken, 'voice lost');
    stage.endAudio(broken);
    stage.say(turn, 'After.', 100);
    stage.clock.advance(1000);

    expect(stage.events.only('response_skipped')).toMatchObject({
      index: 0,
      reason: 'failed',
      detail: 'no voice',
    });
    const finished = stage.events.ofType('response_playback_finished');
    expect(finished).toMatchObject([
      { index: 1, outcome: 'failed', interrupted: false, heardMs: 600 },
      { index: 2, outcome: 'heard' },
    ]);
    // 600 ms of speech cannot hold ten words, although all of the audio was heard.
    expect(finished[0]?.heardText).toBe('One two');
  });

  it.each([null, 'text', { onPlaybackStarted: 'run' }, { metaData: 1 }, { task: 'run' }])(
    '[RS6] begin refuses %o and declares nothing',
    (options) => {
      const stage = new Stage();
      const turn = stage.openTurn();

      expect(() => turn.begin(options as never)).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
      );
      expect(stage.events.ofType('response_declared')).toEqual([]);
    },
  );
});
