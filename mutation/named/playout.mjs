/**
 * What plays in which order, what a cut stops, what a start changes.
 *
 * @type {readonly import('./mutant.d.ts').NamedMutant[]}
 */
export const PLAYOUT_MUTANTS = [
  {
    name: 'any response of the playout may start or end on the estimate, not only the first',
    file: 'step/deadlines.ts',
    from: 'if (isHead) first = earlier(first, headDue(state, expected));',
    to: 'first = earlier(first, headDue(state, expected));',
  },
  {
    name: 'a response ends after a cut before what plays before it has',
    file: 'step/deadlines.ts',
    from: 'isCutSoFar &&= isCut;',
    to: 'isCutSoFar = isCut;',
  },
  {
    name: 'states between cut responses wait until all of them have ended',
    file: 'step/on_cut.ts',
    from: '    advanceAll(draft);\n',
    to: '',
  },
  {
    name: 'states between responses that a report ends wait until that report has been taken',
    file: 'step/on_report.ts',
    from: '    else finishHeard(draft, headId, began);\n    advanceAll(draft);\n',
    to: '    else finishHeard(draft, headId, began);\n',
  },
  {
    name: 'audio is taken after the end of its turn',
    file: 'step/on_turn.ts',
    from: 'if (draft.turn(response.turnId)?.ending || !(',
    to: 'if (!(',
  },
  {
    name: 'audio is taken after the end of its audio',
    file: 'step/on_turn.ts',
    from: 'if (!response || response.cut || response.audioEnded) return;\n  if (draft.turn',
    to: 'if (!response || response.cut) return;\n  if (draft.turn',
  },
  {
    name: 'audio of a later turn does not end the audio of an earlier one',
    file: 'step/on_turn.ts',
    from: '  for (const id of draft.state.playout) endAudio(draft, id);\n',
    to: '',
  },
  {
    name: 'a cut in a pause stops the sound now, not at the pause',
    file: 'step/on_cut.ts',
    from: 'addMs(pausedAtMs ?? draft.atMs,',
    to: 'addMs(draft.atMs,',
  },
  {
    name: 'a second cut replaces the first',
    file: 'step/on_cut.ts',
    from: '    if (draft.response(id)?.cut) continue;\n',
    to: '',
  },
  {
    name: 'a cut does not empty the queue',
    file: 'step/on_cut.ts',
    from: 'draft.patch({ bufferedUntilMs: draft.atMs });',
    to: '',
  },
  {
    name: 'a cut does not empty the queue of audio of responses that have ended',
    file: 'step/on_cut.ts',
    from: '  draft.patch({ endedLeftAtMs: earlierOf(draft.state.endedLeftAtMs, draft.atMs) });\n',
    to: '',
  },
  {
    name: 'a cut of some empties the queue that others play from',
    file: 'step/on_cut.ts',
    from: 'draft.state.playout.every((id) => draft.response(id)?.cut)',
    to: 'true',
  },
  {
    name: 'what one of several listeners reports stands for all',
    file: 'step/outcome/left_to_gone.ts',
    from: "return listeners === 'several' ? 0 : (reported?.samples ?? 0);",
    to: 'return reported?.samples ?? 0;',
  },
  {
    name: 'the path follows an estimate',
    file: 'step/on_report.ts',
    from: "if (evidence !== 'estimate') {\n      followPath(draft, id, { atMs, errorBoundMs });",
    to: "followPath(draft, id, { atMs, errorBoundMs });\n    if (evidence !== 'estimate') {",
  },
  {
    name: 'the path follows a position that stands still',
    file: 'step/path/learn_path.ts',
    from: '  if (playback.movedAtMs !== positionAtMs) return;\n',
    to: '',
  },
  {
    name: 'the path follows a response that started in a pause',
    file: 'step/path/learn_path.ts',
    from: "  if (!audio || audio.startedInPause || !playback || playback.status === 'unheard') return;",
    to: "  if (!audio || !playback || playback.status === 'unheard') return;",
  },
  {
    name: 'the path is learned in a pause',
    file: 'step/path/learn_path.ts',
    from: 'if (!audio || audio.startedInPause) return;',
    to: 'if (!audio) return;',
  },
  {
    name: 'a refined start counts twice for the path',
    file: 'step/path/learn_path.ts',
    from: 'wasLearned ? { ...path, observedMs: path.observedMs.slice(0, -1) } : path',
    to: 'path',
  },
  {
    name: 'a refined start takes the place of one that was not learned from it',
    file: 'step/path/learn_path.ts',
    from: 'before !== undefined && delayOf(before) !== undefined;',
    to: 'before !== undefined;',
  },
  {
    name: 'a start that had to wait for the response before it counts as a long path',
    file: 'step/path/learn_path.ts',
    from: 'laterOf(audio.modelStartMs, addMs(playedUntilMs, -path.delayMs))',
    to: 'audio.modelStartMs',
  },
  {
    name: 'speaking, though the turn has ended',
    file: 'step/playback.ts',
    from: 'if (!draft.turn(response.turnId)?.ending)\n    applyState',
    to: 'applyState',
  },
  {
    name: 'the playhead goes back',
    file: 'step/playback.ts',
    from: '  if (heardSamples < playback.heardSamples) return;\n',
    to: '',
  },
  {
    name: 'the end of what has been heard goes back',
    file: 'step/finish.ts',
    from: 'playedUntilMs: laterOf(draft.state.playedUntilMs, positionAtMs)',
    to: 'playedUntilMs: positionAtMs',
  },
  {
    name: 'a response that ends early leaves the queue at once',
    file: 'step/finish.ts',
    from: '    draft.patch({ endedLeftAtMs: leftAtMs });',
    to: '    draft.patch({});',
  },
  {
    name: 'ended responses are kept for ever',
    file: 'step/finish.ts',
    from: 'return recent.toSpliced(Math.max(0, silent), 1);',
    to: 'return recent;',
  },
  {
    name: 'a failure is not told when a turn was cut',
    file: 'step/queue/turn_queue.ts',
    from: "  if (response.failure !== undefined) return 'failed';\n  if (turn.ending?.isWritten",
    to: '  if (turn.ending?.isWritten',
  },
];
