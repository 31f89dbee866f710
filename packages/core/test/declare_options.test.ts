// What `begin` and `mark` make of their options, and what they say to those that cannot be meant.
import { describe, expect, it } from 'vitest';
import { taskOf } from '../src/declare/begin_options.ts';
import { checkedMark } from '../src/declare/mark_options.ts';

const run = (): void => {};

const refusal = (message: string) =>
  expect.objectContaining({ name: 'OncueError', code: 'ONCUE_BAD_OPTION', message });

describe('begin', () => {
  it.each([
    [{}, undefined],
    [{ metadata: null, onPlaybackFinished: run }, undefined],
    [{ onPlaybackStarted: run }, { run, timing: 'confirmed', abortOnCut: false }],
    [{ task: { run } }, { run, timing: 'confirmed', abortOnCut: false }],
    [{ task: { run, timing: 'confirmed' } }, { run, timing: 'confirmed', abortOnCut: false }],
    [
      { task: { run, timing: 'predicted', abortOnCut: true } },
      { run, timing: 'predicted', abortOnCut: true },
    ],
  ])('[TK8] of %o the task is %o', (options, task) => {
    expect(taskOf(options as never)).toEqual(task);
  });

  it.each([
    [null, 'begin takes an object of options, not null'],
    [undefined, 'begin takes an object of options, not undefined'],
    ['map', 'begin takes an object of options, not a string'],
    [run, 'begin takes an object of options, not a function'],
    [{ run }, '"run" belongs to the task: begin({ task: { run, … } })'],
    [{ timing: 'confirmed' }, '"timing" belongs to the task: begin({ task: { timing, … } })'],
    [{ abortOnCut: true }, '"abortOnCut" belongs to the task: begin({ task: { abortOnCut, … } })'],
    [
      { metaData: 1 },
      'begin has no option "metaData"; it has metadata, onPlaybackStarted, task, onPlaybackFinished',
    ],
    [{ onPlaybackFinished: 1 }, 'onPlaybackFinished must be a function'],
    [{ onPlaybackStarted: 1 }, 'onPlaybackStarted must be a function'],
    [
      { onPlaybackStarted: run, task: { run } },
      'give begin either task or onPlaybackStarted, which is short for task: { run }',
    ],
    [{ task: run }, 'task takes an object of options, not a function'],
    [{ task: { run, later: 1 } }, 'task has no option "later"; it has run, timing, abortOnCut'],
    [{ task: {} }, 'task.run must be a function'],
    [{ task: { run, timing: 'soon' } }, "task.timing is \"soon\"; use 'confirmed' or 'predicted'"],
    [{ task: { run, abortOnCut: 1 } }, 'task.abortOnCut must be true or false'],
  ])('[TK8] %o is refused: %s', (options, message) => {
    expect(() => taskOf(options as never)).toThrow(refusal(message));
  });
});

describe('mark', () => {
  it.each([
    [{}, {}],
    [
      { textOffset: 0, agentState: 'thinking' },
      { textOffset: 0, agentState: 'thinking' },
    ],
    [{ onReached: run }, { task: { run, abortOnCut: false } }],
    [{ task: { run } }, { task: { run, abortOnCut: false } }],
    [{ task: { run, abortOnCut: true } }, { task: { run, abortOnCut: true } }],
  ])('[MK3] with %o it has, besides its name, %o', (options, checked) => {
    expect(checkedMark('map', options as never)).toStrictEqual({ name: 'map', ...checked });
  });

  it.each(['', 7, undefined])('[MK4] the name %o is refused', (name) => {
    expect(() => checkedMark(name as never, {})).toThrow(
      refusal('a mark needs a name: mark("map") with a string that is not empty'),
    );
  });

  it.each([
    [null, 'mark takes an object of options, not null'],
    [{ state: 1 }, 'mark has no option "state"; it has agentState, onReached, task, textOffset'],
    [
      { agentState: 'happy' },
      'agentState is "happy"; use one of initializing, idle, listening, thinking, speaking',
    ],
    [{ textOffset: -1 }, 'textOffset is -1; give a whole number ≥ 0'],
    [{ textOffset: 1.5 }, 'textOffset is 1.5; give a whole number ≥ 0'],
    [{ textOffset: null }, 'textOffset is null; give a whole number ≥ 0'],
    [
      { onReached: run, task: { run } },
      'give mark either task or onReached, which is short for task: { run }',
    ],
    [{ onReached: 1 }, 'onReached must be a function'],
    [{ task: 1 }, 'task takes an object of options, not a number'],
    [{ task: { run, timing: 'predicted' } }, 'task has no option "timing"; it has run, abortOnCut'],
    [{ task: {} }, 'task.run must be a function'],
    [{ task: { run, abortOnCut: 1 } }, 'task.abortOnCut must be true or false'],
  ])('[MK4] %o is refused: %s', (options, message) => {
    expect(() => checkedMark('map', options as never)).toThrow(refusal(message));
  });
});
