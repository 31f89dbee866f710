/**
 * Of the adapter's pure parts: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_ADAPTER = [
  {
    file: 'packages/livekit/src/listeners/room/queued_runs.ts',
    line: 'while (keptSamples - (this.#runs[0]?.samples ?? keptSamples) > this.#maxSamples)',
    from: 'this.#runs[0]?.samples',
    to: 'this.#runs[0].samples',
    why: 'the run that was just pushed is always there',
  },
  {
    file: 'packages/livekit/src/listeners/room/queued_runs.ts',
    line: 'keptSamples -= this.#runs.shift()?.samples ?? 0;',
    from: 'this.#runs.shift()?.samples',
    to: 'this.#runs.shift().samples',
    why: 'the same',
  },
  {
    file: 'packages/livekit/src/output/handover.ts',
    line: 'if (headId === undefined || state.pausedAtMs !== undefined) return undefined;',
    from: 'headId === undefined',
    to: 'false',
    why: 'no response has an id that is undefined',
  },
  {
    file: 'packages/livekit/src/output/handover.ts',
    line: 'if (!head?.audio || !head.audioEnded || turnOf(state, headId)?.ending) return undefined;',
    from: 'turnOf(state, headId)?.ending',
    to: 'turnOf(state, headId).ending',
    why: 'a turn does not end before its responses',
  },
];
