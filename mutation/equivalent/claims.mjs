/**
 * Of what is not reported: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_CLAIMS = [
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!expected) return false;',
    from: 'false',
    to: 'true',
    why: 'a response of the playout whose audio was sent is always expected',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!expected) return false;',
    from: '!expected',
    to: 'false',
    why: 'a response of the playout whose audio was sent is always expected',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!playback || !audio || !inaudible) return;',
    from: '!playback || !audio || !inaudible',
    to: 'false',
    why: 'it is only called for a response of the playout, which exists and has audio',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!playback || !audio || !inaudible) return;',
    from: '!playback || !audio || !inaudible',
    to: '(!playback || !audio) && !inaudible',
    why: 'it is only called for a response of the playout, which exists and has audio',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!playback || !audio || !inaudible) return;',
    from: '!playback || !audio',
    to: 'false',
    why: 'it is only called for a response of the playout, which exists and has audio',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: 'if (!playback || !audio || !inaudible) return;',
    from: '!playback || !audio',
    to: '!playback && !audio',
    why: 'it is only called for a response of the playout, which exists and has audio',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: "if (!reportsAll(state) || !audio || playback.status === 'unheard') return 0;",
    from: "playback.status === 'unheard'",
    to: 'false',
    why: 'it is only called for a response that has begun',
  },
  {
    file: 'packages/core/src/step/claims/unreported.ts',
    line: "if (!reportsAll(state) || !audio || playback.status === 'unheard') return 0;",
    from: "'unheard'",
    to: '""',
    why: 'it is only called for a response that has begun',
  },
];
