export {
  encodeTraceLine,
  parseTrace,
  parseTraceLine,
  TRACE_VERSION,
  type TraceHeader,
  type TraceLine,
} from './format.ts';
export { TraceRecorder } from './recorder.ts';
export { type Replay, replayTrace } from './replay.ts';
