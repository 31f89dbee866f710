/**
 * Mutants that no test can tell from the code. `mutation:score` fails if one of them is killed or gone.
 *
 * @type {readonly import('./equivalent.d.ts').EquivalentMutant[]}
 */
export const EQUIVALENT_MUTANTS = [
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: "reaches: CutReach = 'ear',",
    from: "'ear'",
    to: '""',
    why: "it is only asked whether it is 'queue'",
  },
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: 'if (draft.response(id)?.cut) continue;',
    from: 'draft.response(id)?.cut',
    to: 'draft.response(id).cut',
    why: 'the ids given are those of the playout, whose responses exist',
  },
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: 'if (draft.state.playout.every((id) => draft.response(id)?.cut)) {',
    from: 'draft.response(id)?.cut',
    to: 'draft.response(id).cut',
    why: 'each response of the playout exists',
  },
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: 'if (!draft.response(id)?.cut) return;',
    from: 'draft.response(id)?.cut',
    to: 'draft.response(id).cut',
    why: 'each response of the playout exists',
  },
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: "return playback.status !== 'unheard' && playback.positionAtMs >= atMs;",
    from: "playback.status !== 'unheard'",
    to: 'true',
    why: 'one that is unheard has no position, and nothing is later than an instant that is undefined',
  },
  {
    file: 'packages/core/src/step/on_cut.ts',
    line: "return playback.status !== 'unheard' && playback.positionAtMs >= atMs;",
    from: "'unheard'",
    to: '""',
    why: 'the same',
  },
  {
    file: 'packages/core/src/wire/listener_gate.ts',
    line: "#presence: 'absent' | 'here' | 'over' = 'absent';",
    from: "'absent'",
    to: '""',
    why: "it is only asked whether it is 'here' or 'over'",
  },
  {
    file: 'packages/core/src/wire/listener_gate.ts',
    line: "if (this.#presence === 'here') this.#presence = 'absent';",
    from: "'absent'",
    to: '""',
    why: "it is only asked whether it is 'here' or 'over'",
  },
  {
    file: 'packages/core/src/wire/listener_gate.ts',
    line: "if (!start || !position) return { type: 'dropped', reason: 'out_of_range' };",
    from: '!start || !position',
    to: '!start && !position',
    why: 'the map knows both instants or neither',
  },
  {
    file: 'packages/core/src/wire/listener_gate.ts',
    line: 'if (this.#epoch !== undefined) {',
    from: 'this.#epoch !== undefined',
    to: 'true',
    why: 'no message has an epoch that is undefined',
  },
  {
    file: 'packages/core/src/wire/listener_gate.ts',
    line: '#pastEpochs: readonly string[] = [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'the epoch that this adds is the name of no page',
  },
  {
    file: 'packages/core/src/wire/replay_window.ts',
    line: 'readonly #seen: number[] = [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'what this adds equals no number',
  },
  {
    file: 'packages/core/src/wire/replay_window.ts',
    line: 'const place = seq % this.#size;',
    from: 'seq % this.#size',
    to: 'seq * this.#size',
    why: 'each number then has a place of its own: the answers are the same, and only the memory grows',
  },
  {
    file: 'packages/core/src/step/claims/physics.ts',
    line: "if (stoppedAtMs !== undefined && audio.sentFromMs > stoppedAtMs) return 'before_it_left';",
    from: 'stoppedAtMs !== undefined',
    to: 'true',
    why: 'nothing is later than an instant that is undefined',
  },
  {
    file: 'packages/core/src/step/claims/physics.ts',
    line: 'if (leftFromMs === undefined || report.heardSamples <= 0) return undefined;',
    from: 'leftFromMs === undefined',
    to: 'false',
    why: 'nothing is earlier than an instant that is undefined',
  },
  {
    file: 'packages/core/src/step/claims/physics.ts',
    line: 'return cutMs === undefined ? undefined : earlierOf(cutMs, pausedMs ?? cutMs);',
    from: 'cutMs === undefined',
    to: 'false',
    why: 'if there is no cut and no pause, both instants are undefined, and so is the earlier of them',
  },
];
