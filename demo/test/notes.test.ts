import { expect, it } from 'vitest';
import { runNoteOf } from '../src/terminal/notes.ts';

it('reads its own notes', () => {
  const note = { type: 'user_spoke', atMs: 1, text: 'Stop.', lengthMs: 500 };

  expect(runNoteOf(note)).toBe(note);
});

it('ignores the notes of other recorders', () => {
  expect(runNoteOf({ type: 'page_clock', atMs: 1 })).toBeUndefined();
  expect(runNoteOf({ type: 'toString', atMs: 1 })).toBeUndefined();
  expect(runNoteOf({ type: 'user_spoke', atMs: 1, text: 7, lengthMs: 500 })).toBeUndefined();
  expect(
    runNoteOf({ type: 'scene', atMs: 1, number: 1, title: '', outcomes: [1], states: [] }),
  ).toBeUndefined();
});
