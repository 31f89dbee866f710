/**
 * Of how the heard words are found: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_HEARD_TEXT = [
  {
    file: 'packages/core/src/heard_text/expected_times.ts',
    line: 'for (let span = spans[nextSpan]; span && span.start < start; span = spans[nextSpan]) {',
    from: 'span.start < start',
    to: 'span.start <= start',
    why: 'no word starts where markup does, since markup is no part of a word',
  },
];
