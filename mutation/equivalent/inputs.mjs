/**
 * Of what takes the inputs of a step, of the step in progress, and of what counts: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_INPUTS = [
  {
    file: 'packages/core/src/step/step.ts',
    line: "whileInaudible: 'plays',",
    from: "'plays'",
    to: '""',
    why: "it is only asked whether it is 'skips'",
  },
  {
    file: 'packages/core/src/step/step.ts',
    line: "pauseReaches: 'ear',",
    from: "'ear'",
    to: '""',
    why: "it is only asked whether it is 'queue'",
  },
  {
    file: 'packages/core/src/step/step.ts',
    line: "if (input.type !== 'audio_sent') reachMarksOfHead(draft);",
    from: "input.type !== 'audio_sent'",
    to: 'true',
    why: 'more audio alone moves no mark to before the playhead; this only spares time',
  },
  {
    file: 'packages/core/src/step/step.ts',
    line: "if (input.type !== 'audio_sent') reachMarksOfHead(draft);",
    from: "'audio_sent'",
    to: '""',
    why: 'the same',
  },
  {
    file: 'packages/core/src/step/step.ts',
    line: 'if (headId !== undefined) reachMarks(draft, headId);',
    from: 'headId !== undefined',
    to: 'true',
    why: 'no response has an id that is undefined',
  },
  {
    file: 'packages/core/src/step/state/draft.ts',
    line: 'if (turnId === undefined) return;',
    from: 'turnId === undefined',
    to: 'false',
    why: 'no turn has an id that is undefined',
  },
  {
    file: 'packages/core/src/step/state/draft.ts',
    line: 'if (items) this.patchTurn(turnId, { items });',
    from: 'items',
    to: 'true',
    why: 'a turn that is not there is not changed',
  },
  {
    file: 'packages/core/src/step/state/draft.ts',
    line: 'if (items) this.patchTurn(id, { items });',
    from: 'items',
    to: 'true',
    why: 'a turn that is not there is not changed',
  },
  {
    file: 'packages/core/src/drop_counter.ts',
    line: 'if (count > 0) dueAtMs = dueAtMs === undefined ? nextAtMs : earlierOf(dueAtMs, nextAtMs);',
    from: 'dueAtMs === undefined',
    to: 'false',
    why: 'the earlier of two of which the first is undefined is the second',
  },
];
