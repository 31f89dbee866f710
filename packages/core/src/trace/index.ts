/** @packageDocumentation @beta */

export { CUT_BY_TEXT, cutByText } from './cut_by_text.ts';
export {
  encodeTraceLine,
  parseTrace,
  parseTraceLine,
  TRACE_VERSION,
  type TraceHeader,
  type TraceLine,
  type TraceVersion,
} from './format.ts';
export { lineAtMs } from './line_instant.ts';
export { TraceRecorder } from './recorder.ts';
export { type Replay, replayTrace } from './replay.ts';
export { SKIP_REASON_TEXT } from './skip_reason_text.ts';
