/** @packageDocumentation @beta */

export { type Replay, replayTrace } from '../trace/replay.ts';
export { captureEvents, type EventCapture, type EventSource } from './capture_events.ts';
export { ManualClock } from './manual_clock.ts';
export type { MessagePick, ReportFaults } from './report_faults.ts';
export {
  type ListenerEnd,
  ScriptedListener,
  type ScriptedListenerOptions,
} from './scripted_listener.ts';
export type { HeardTruth } from './simulated_playout.ts';
