/**
 * The pure parts of the adapter, and the tests that judge each: those of that part alone, since to load LiveKit for each
 * mutant takes too long.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ADAPTER_TESTS = {
  'packages/livekit/src/listeners/ping_schedule.ts': ['listeners/ping_schedule'],
  'packages/livekit/src/listeners/room/queued_runs.ts': ['listeners/room/queued_runs'],
  'packages/livekit/src/listeners/room/tick_phase.ts': ['listeners/room/tick_phase'],
  'packages/livekit/src/listeners/slowest_listener.ts': ['listeners/slowest_listener'],
  'packages/livekit/src/output/handover.ts': ['output/handover'],
  'packages/livekit/src/output/played_runs.ts': ['output/played_runs'],
};
