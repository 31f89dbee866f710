// Tests for SPEC.md, "Marks".
import { describe, expect, it } from 'vitest';
import type { MarkOptions } from '../src/index.ts';
import { replayTrace } from '../src/trace/index.ts';
import { Stage, samplesIn } from './support/stage.ts';
import { sayTimed } from './support/timed_marks.ts';

/** The marks that were reached, with the instants. */
function reached(stage: Stage): Array<[string, number]> {
  return stage.events
    .ofType('response_mark_reached')
    .map(({ name, reachedAtMs }) => [name, Math.round(reachedAtMs)]);
}

describe('marks', () => {
  it('[MK1][MK2] with word timings a mark is reached when the word before it has been heard', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const id = sayTimed(stage, stage.openTurn());
    stage.clock.advance(2000);

    expect(reached(stage)).toEqual([
      ['after 0', 340],
      ['after 1', 640],
      ['after 2', 940],
    ]);
    const [first] = stage.events.ofType('response_mark_reached');
    expect(first).toMatchObject({
      responseId: id,
      textOffset: 10,
      evidence: 'device',
      place: 'exact',
    });
    expect(first?.errorBoundMs).toBeLessThan(10);
    expect(stage.events.types().at(-1)).toBe('response_playback_finished');
  });

  it('[MK2] without word timings a mark is estimated, says so, and bounds its error', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two three four. ');
    turn.mark('half');
    turn.addText('One two three four.');
    turn.endResponse();
    stage.send(id, 2400);
    stage.endAudio(id);
    stage.clock.advance(4000);

    const [mark] = stage.events.ofType('response_mark_reached');
    expect(mark).toMatchObject({ name: 'half', place: 'estimated', evidence: 'device' });
    expect(Math.abs((mark?.reachedAtMs ?? 0) - 1200)).toBeLessThan(mark?.errorBoundMs ?? 0);
    expect(mark?.errorBoundMs).toBeGreaterThan(100);
  });

  it('[MK2] without reports a mark is reached on the estimate, at its instant and not at the end', () => {
    const stage = new Stage({ options: { estimateDelayMs: 80 } });
    sayTimed(stage, stage.openTurn());
    const at: number[] = [];
    stage.timeline.on('response_mark_reached', ({ atMs }) => at.push(atMs));
    stage.clock.advance(2000);

    expect(reached(stage)).toEqual([
      ['after 0', 380],
      ['after 1', 680],
      ['after 2', 980],
    ]);
    expect(at.map(Math.round)).toEqual([380, 680, 980]);
    const marks = stage.events.ofType('response_mark_reached');
    expect(marks.map(({ evidence, errorBoundMs }) => [evidence, errorBoundMs])).toEqual(
      marks.map(() => ['estimate', 150]),
    );
  });

  it('[MK1] a mark at the very start is reached with the first sample, one at the very end with the last word', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.mark('start');
    turn.addText('Hello.');
    turn.mark('end');
    turn.endResponse();
    stage.send(id, 500);
    stage.endAudio(id);
    stage.clock.advance(20);
    expect(reached(stage)).toEqual([]);
    stage.clock.advance(1000);

    const [start, end] = stage.events.ofType('response_mark_reached');
    const [started] = stage.events.ofType('response_playback_started');
    expect(start).toMatchObject({ name: 'start', textOffset: 0, place: 'exact' });
    expect(start?.reachedAtMs).toBe(started?.startedAtMs);
    expect(end?.name).toBe('end');
    expect(end?.reachedAtMs).toBeLessThanOrEqual(540.001);
    expect(stage.events.types().at(-1)).toBe('response_playback_finished');
  });

  it('[MK1] what a cut came before is never reached, whatever the listener says later', () => {
    const stage = new Stage({ listener: {} });
    sayTimed(stage, stage.openTurn());
    stage.clock.advance(400);
    stage.cut();
    stage.clock.advance(2000);

    expect(reached(stage)).toEqual([['after 0', 300]]);
    expect(stage.events.ofType('response_playback_finished')[0]?.heardText).toBe('Turn left');
  });

  it('[MK1] without reports a cut stops the marks too', () => {
    const stage = new Stage();
    sayTimed(stage, stage.openTurn());
    stage.clock.advance(400);
    stage.cut();
    stage.clock.advance(2000);

    expect(reached(stage)).toEqual([['after 0', 300]]);
  });

  it('[MK1] a mark at which nobody could hear is not reached', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    sayTimed(stage, turn);
    stage.clock.advance(200);
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(200);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(2000);

    expect(reached(stage).map(([name]) => name)).toEqual(['after 1', 'after 2']);
  });

  it('[MK1] no mark of a response that is skipped is reached: no text, no audio, no voice, never heard', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    turn.begin();
    turn.mark('no text');
    turn.endResponse();
    const silent = turn.begin();
    turn.addText('Nothing.');
    turn.mark('no audio');
    stage.timeline.audioEnded(silent.id);
    turn.begin();
    turn.addText('Written.');
    turn.mark('not spoken');
    turn.close();
    turn.end(undefined, true);
    stage.clock.advance(2000);

    expect(reached(stage)).toEqual([]);
    expect(stage.events.ofType('response_skipped').map(({ reason }) => reason)).toEqual([
      'no_text',
      'no_audio',
      'not_spoken',
    ]);
  });

  it('[MK1] two marks with the same name are two marks, also at the same place', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.mark('here');
    turn.mark('here');
    turn.addText('Hello there.');
    turn.mark('here');
    turn.endResponse();
    stage.send(id, 500);
    stage.endAudio(id);
    stage.clock.advance(1000);

    const marks = stage.events.ofType('response_mark_reached');
    expect(marks.map(({ name, textOffset }) => [name, textOffset])).toEqual([
      ['here', 0],
      ['here', 0],
      ['here', 12],
    ]);
  });

  it('[MK1] a mark inside a word comes before that word, and one without an open response opens one', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    turn.mark('first');
    const response = turn.addText('One bak');
    turn.mark('in the word');
    turn.addText('ery.');
    turn.endResponse();
    stage.timeline.wordsTimed(response.id, [
      { text: 'One', endSamples: samplesIn(200) },
      { text: 'bakery', endSamples: samplesIn(600) },
    ]);
    stage.send(response.id, 600);
    stage.endAudio(response.id);
    stage.clock.advance(1000);

    expect(reached(stage)).toEqual([
      ['first', 0],
      ['in the word', 200],
    ]);
  });

  it('[MK1] a mark waits for the text and the word times that say where it is', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two');
    turn.mark('mark');
    stage.send(id, 1000);
    stage.timeline.wordsTimed(id, [{ text: 'One', endSamples: samplesIn(200) }]);
    stage.clock.advance(500);
    expect(reached(stage)).toEqual([]);

    turn.addText(' three.');
    turn.endResponse();
    stage.timeline.wordsTimed(id, [{ text: 'two', endSamples: samplesIn(400) }]);
    expect(reached(stage)).toEqual([['mark', 400]]);
  });

  it('[MK1] textOffset places a mark in text that is still to come, in the order of the text', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.mark('late', { textOffset: 8 });
    turn.mark('early', { textOffset: 4 });
    turn.addText('One two three.');
    turn.endResponse();
    const words = ['One', 'two', 'three'].map((text, place) => ({
      text,
      endSamples: samplesIn(100 * (place + 1)),
    }));
    stage.timeline.wordsTimed(id, words);
    stage.send(id, 400);
    stage.endAudio(id);
    stage.clock.advance(1000);

    expect(reached(stage)).toEqual([
      ['early', 100],
      ['late', 200],
    ]);
  });

  it('[MK3] a state and a task of a mark take effect when it is reached', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const calls: unknown[] = [];
    const { id } = turn.begin();
    turn.addText('One. ');
    turn.mark('map', {
      agentState: 'thinking',
      onReached: ({ mark, startedAtMs }) => void calls.push([mark, Math.round(startedAtMs)]),
    });
    turn.addText('Two.');
    turn.endResponse();
    stage.timeline.wordsTimed(id, [{ text: 'One', endSamples: samplesIn(250) }]);
    stage.send(id, 600);
    stage.endAudio(id);
    stage.clock.advance(1000);
    await Promise.resolve();

    expect(calls).toEqual([['map', 250]]);
    const applied = stage.events.ofType('agent_state_applied');
    expect(applied.map(({ state, source }) => [state, source])).toEqual([
      ['speaking', 'playback'],
      ['thinking', 'mark'],
    ]);
    const types = stage.events.types();
    expect(types.indexOf('response_mark_reached')).toBeLessThan(types.indexOf('task_started'));
    expect(stage.events.ofType('task_finished')).toHaveLength(1);
  });

  it('[MK3] what hangs on a mark that is not reached does not happen; a cut aborts the task of one that was', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const started: string[] = [];
    const signals: AbortSignal[] = [];
    sayTimed(stage, turn, {
      agentState: 'thinking',
      task: {
        run: ({ mark }, signal) => {
          started.push(mark ?? '');
          signals.push(signal);
          return new Promise(() => {});
        },
        abortOnCut: true,
      },
    });
    stage.clock.advance(400);
    stage.cut();
    stage.clock.advance(1000);

    expect(started).toEqual(['after 0']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(stage.events.ofType('agent_state_applied')).toHaveLength(2);
    expect(stage.events.ofType('agent_state_dropped')).toEqual([]);
  });

  it('[MK3] a state of a mark that is reached in a pause takes effect after it', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 100 } });
    sayTimed(stage, stage.openTurn(), { agentState: 'thinking' });
    stage.clock.advance(390);
    stage.timeline.pause('queue');
    stage.clock.advance(100);
    expect(stage.events.ofType('agent_state_applied')).toHaveLength(1);
    stage.resume();
    expect(stage.events.ofType('agent_state_applied')).toHaveLength(2);
  });

  it('[MK4] a bad name or option throws and places nothing; after the turn it throws ONCUE_TURN_ENDED', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const bad: Array<[unknown, unknown]> = [
      ['', {}],
      [7, {}],
      ['a', null],
      ['a', { at: 3 }],
      ['a', { textOffset: -1 }],
      ['a', { textOffset: 0.5 }],
      ['a', { agentState: 'asleep' }],
      ['a', { onReached: 'no' }],
      ['a', { task: { run: () => {}, timing: 'predicted' } }],
      ['a', { task: { run: () => {}, abortOnCut: 'yes' } }],
      ['a', { task: { run: () => {} }, onReached: () => {} }],
    ];
    for (const [name, options] of bad)
      expect(() => turn.mark(name as string, options as MarkOptions)).toThrow(
        expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
      );
    expect(stage.events.ofType('response_declared')).toEqual([]);
    turn.close();
    expect(() => turn.mark('a')).toThrow(expect.objectContaining({ code: 'ONCUE_TURN_ENDED' }));
  });

  it('[MK4] in a turn that was cut, a mark does nothing', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    turn.begin();
    turn.abandon();
    turn.end('user_speech');
    turn.mark('late', { onReached: () => {} });
    turn.begin();
    turn.mark('later', { onReached: () => {} });
    stage.clock.advance(1000);

    expect(reached(stage)).toEqual([]);
  });

  it('[TR2] a trace with marks replays to the same events', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    sayTimed(stage, stage.openTurn(), { agentState: 'thinking', onReached: () => {} });
    stage.clock.advance(2000);

    expect(replayTrace(stage.trace).firstDifference).toBeUndefined();
  });
});
