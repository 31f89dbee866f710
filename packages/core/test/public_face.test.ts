import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';
import { OncueEventTypes } from '../src/index.ts';
import { Stage } from './support/stage.ts';

describe('what an application gets', () => {
  it('[RS8] OncueEventTypes lists every event name under its name in Pascal case', () => {
    expect(OncueEventTypes.ResponsePlaybackStarted).toBe('response_playback_started');
    for (const [name, type] of Object.entries(OncueEventTypes)) {
      const words = type.split('_').map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
      expect(name).toBe(words.join(''));
    }
  });

  it('[RS8] a name from OncueEventTypes can be passed to on()', () => {
    const stage = new Stage({ listener: {} });
    const started: number[] = [];
    stage.timeline.on(OncueEventTypes.ResponsePlaybackStarted, (event) =>
      started.push(event.startedAtMs),
    );

    stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(10);

    expect(started).toEqual([0]);
  });

  it('[RS11] a name that no event has, and a handler that is no function, are refused at once', () => {
    const { timeline } = new Stage();
    const refused = (advice: string) =>
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining(advice),
      });

    for (const at of [timeline, timeline.view]) {
      const calls = at as unknown as Record<'on' | 'onAny', (...args: unknown[]) => void>;
      expect(() => calls.on('response_playback_start', () => {})).toThrow(
        refused('no event "response_playback_start"'),
      );
      expect(() => calls.on('toString', () => {})).toThrow(refused('no event "toString"'));
      expect(() => calls.on('task_started')).toThrow(refused('handler of task_started'));
      expect(() => calls.onAny()).toThrow(refused('handler of onAny'));
    }
  });

  it('[RS9] the view of a timeline can read and listen but cannot change anything', () => {
    const stage = new Stage({ listener: {} });
    const { view } = stage.timeline;
    const types: string[] = [];
    const stopAny = view.onAny(({ type }) => types.push(type));
    const stop = view.on('response_declared', ({ type }) => types.push(`one ${type}`));

    const turn = stage.openTurn();
    turn.begin();
    expect(view.state).toBe(stage.timeline.state);
    stop();
    stopAny();
    turn.begin();

    expect(types).toEqual(['one response_declared', 'response_declared']);
    expect(Object.keys(view).sort()).toEqual(['on', 'onAny', 'state']);
    expect(Object.isFrozen(view)).toBe(true);
    expect(view).not.toHaveProperty('cut');
  });

  it('[RS9] functions that only the adapters need are not exported to applications', () => {
    for (const name of ['unreachable', 'messageOf', 'Emitter', 'responseOf', 'TaskRunner'])
      expect(core).not.toHaveProperty(name);
  });
});
