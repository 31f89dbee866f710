/**
 * Files that are judged by the tests of that part alone, since all tests of core, or LiveKit, loaded for each mutant, take
 * too long. A test that is left out can only kill more.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const OWN_TESTS = {
  'packages/core/src/declare/begin_options.ts': [
    'core/test/declare_options',
    'core/test/begin_task',
  ],
  'packages/core/src/declare/check_arguments.ts': [
    'core/test/declare_options',
    'core/test/begin_task',
  ],
  'packages/core/src/declare/mark_options.ts': [
    'core/test/declare_options',
    'core/test/begin_task',
    'core/test/marks',
  ],
  'packages/core/src/declared_response.ts': ['core/test/after_heard', 'core/test/begin_task'],
  'packages/core/src/drop_counter.ts': ['core/test/drop_counter'],
  'packages/core/src/emitter.ts': ['core/test/emitter'],
  'packages/core/src/errors.ts': ['core/test/units'],
  'packages/core/src/heard_text/align_words.ts': [
    'core/test/heard_text/align_words',
    'core/test/heard_text/heard_text',
  ],
  'packages/core/src/heard_text/audible_text.ts': ['core/test/heard_text/audible_text'],
  'packages/core/src/heard_text/caption_words.ts': ['core/test/heard_text/caption_words'],
  'packages/core/src/heard_text/estimate_ends.ts': [
    'core/test/heard_text/estimate_ends',
    'core/test/heard_text/heard_text',
  ],
  'packages/core/src/heard_text/expected_times.ts': ['core/test/heard_text/expected_times'],
  'packages/core/src/heard_text/heard_caption.ts': ['core/test/heard_text/heard_caption'],
  'packages/core/src/heard_text/heard_text.ts': [
    'core/test/heard_text/heard_text',
    'core/test/heard_text/place_in_audio',
  ],
  'packages/core/src/heard_text/place_in_audio.ts': ['core/test/heard_text/place_in_audio'],
  'packages/core/src/heard_text/silent_spans.ts': ['core/test/heard_text/silent_spans'],
  'packages/core/src/heard_text/split_words.ts': ['core/test/heard_text/words'],
  'packages/core/src/known_once.ts': ['core/test/option_checks', 'core/test/after_heard'],
  'packages/core/src/options.ts': ['core/test/option_checks'],
  'packages/core/src/step/claims/unreported.ts': [
    'core/test/unreported',
    'core/test/unreported_ends',
    'core/test/unheard_estimates',
    'core/test/cuts',
  ],
  'packages/core/src/step/outcome/correct_outcome.ts': [
    'core/test/corrections',
    'core/test/corrected_estimates',
    'core/test/correction_details',
  ],
  'packages/core/src/step/state/draft.ts': ['core/test/draft'],
  'packages/core/src/timeline_view.ts': ['core/test/detach', 'core/test/public_face'],
  'packages/core/src/trace/cut_by_text.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/format.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/input_forms.ts': ['core/test/trace_inputs', 'core/test/trace_lines'],
  'packages/core/src/trace/line_instant.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/metadata_snapshot.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/recorder.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/replay.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/trace/skip_reason_text.ts': [
    'core/test/trace_lines',
    'core/test/traces_and_clocks',
    'core/test/old_traces',
  ],
  'packages/core/src/units.ts': ['core/test/units'],
  'packages/core/src/wire/packets.ts': ['core/test/packets'],
  'packages/core/src/wire/rate_limit.ts': ['core/test/gate', 'core/test/wire'],
  'packages/core/src/wire/replay_window.ts': ['core/test/gate', 'core/test/wire'],
  'packages/livekit/src/listeners/ping_schedule.ts': ['livekit/test/listeners/ping_schedule'],
  'packages/livekit/src/listeners/room/queued_runs.ts': ['livekit/test/listeners/room/queued_runs'],
  'packages/livekit/src/listeners/room/tick_phase.ts': ['livekit/test/listeners/room/tick_phase'],
  'packages/livekit/src/listeners/slowest_listener.ts': ['livekit/test/listeners/slowest_listener'],
  'packages/livekit/src/output/handover.ts': ['livekit/test/output/handover'],
  'packages/livekit/src/output/played_runs.ts': [
    'livekit/test/output/played_runs',
    'livekit/test/output/played_run_breaks',
  ],
};
