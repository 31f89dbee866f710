/**
 * Of small files that several parts of core use: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_SMALL_FILES = [
  {
    file: 'packages/core/src/units.ts',
    line: 'return a > b ? a : b;',
    from: 'a > b',
    to: 'a >= b',
    why: 'of two instants that are equal either is the later one',
  },
  {
    file: 'packages/core/src/units.ts',
    line: 'return a < b ? a : b;',
    from: 'a < b',
    to: 'a <= b',
    why: 'of two instants that are equal either is the earlier one',
  },
  {
    file: 'packages/core/src/trace/line_instant.ts',
    line: "case 'header':",
    from: "'header'",
    to: '""',
    why: 'a header then comes to the end of the function, which returns nothing as well',
  },
];
