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
  {
    file: 'packages/livekit/src/output/played_runs.ts',
    line: 'if (this.#open) this.#open.startedAtMs = this.#latestStart(this.#open.fromSamples, now);',
    from: 'this.#open',
    to: 'true',
    why: 'a run that was found to be late is open, and so is the one that a break began',
  },
  {
    file: 'packages/livekit/src/output/played_runs.ts',
    line: 'if (!leave || leaveAtMs === undefined) return undefined;',
    from: '!leave || leaveAtMs === undefined',
    to: '!leave && leaveAtMs === undefined',
    why: 'there is such an instant if there is a break, and only then',
  },
  {
    file: 'packages/livekit/src/output/played_runs.ts',
    line: 'if (!leave || leaveAtMs === undefined) return undefined;',
    from: 'leaveAtMs === undefined',
    to: 'false',
    why: 'the same',
  },
];
