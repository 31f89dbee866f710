/**
 * Of what a late report corrects: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_CORRECTIONS = [
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: "if (!ended || !response?.audio || !told || said.evidence === 'estimate') return;",
    from: '!ended || !response?.audio || !told',
    to: '(!ended || !response?.audio) && !told',
    why: 'of what has ended the outcome is kept if its audio was sent, all of it or nothing',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: "if (!ended || !response?.audio || !told || said.evidence === 'estimate') return;",
    from: '!ended || !response?.audio',
    to: 'false',
    why: 'of what has ended the outcome is kept if its audio was sent, all of it or nothing',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: "if (!ended || !response?.audio || !told || said.evidence === 'estimate') return;",
    from: '!ended || !response?.audio',
    to: '!ended && !response?.audio',
    why: 'of what has ended the outcome is kept if its audio was sent, all of it or nothing',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: "if (!ended || !response?.audio || !told || said.evidence === 'estimate') return;",
    from: 'response?.audio',
    to: 'response.audio',
    why: 'of what has ended the outcome is kept if its audio was sent, all of it or nothing',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'if (!heard) return;',
    from: '!heard',
    to: 'false',
    why: 'the response has audio',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'const lengthMs = samplesToMs(heardSamples - fromSamples, ended.response.audio?.sampleRateHz ?? 1);',
    from: 'ended.response.audio?.sampleRateHz',
    to: 'ended.response.audio.sampleRateHz',
    why: 'the response has audio',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'if (heardSamples <= fromSamples) return ended.inaudible;',
    from: 'heardSamples <= fromSamples',
    to: 'false',
    why: 'what is taken out of the spans is then empty, and what it divides is joined again; this only spares time',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'if (heardSamples <= fromSamples) return ended.inaudible;',
    from: 'heardSamples <= fromSamples',
    to: 'heardSamples < fromSamples',
    why: 'what is taken out of the spans is then empty, and what it divides is joined again; this only spares time',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'return [before, after].filter((part) => part.toSamples > part.fromSamples);',
    from: '[before, after].filter((part) => part.toSamples > part.fromSamples)',
    to: '[before, after]',
    why: 'spans that are empty are left out when they are joined',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'return [before, after].filter((part) => part.toSamples > part.fromSamples);',
    from: 'part.toSamples > part.fromSamples',
    to: 'true',
    why: 'spans that are empty are left out when they are joined',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'return [before, after].filter((part) => part.toSamples > part.fromSamples);',
    from: 'part.toSamples > part.fromSamples',
    to: 'part.toSamples >= part.fromSamples',
    why: 'spans that are empty are left out when they are joined',
  },
  {
    file: 'packages/core/src/step/outcome/correct_outcome.ts',
    line: 'const isWhole = audioEnded && soundedSamples === audio?.sentSamples;',
    from: 'audio?.sentSamples',
    to: 'audio.sentSamples',
    why: 'the response has audio',
  },
  {
    file: 'packages/core/src/step/outcome/heard_audio.ts',
    line: 'if (!audio) return undefined;',
    from: '!audio',
    to: 'false',
    why: 'it is only called for a response that has audio',
  },
];
