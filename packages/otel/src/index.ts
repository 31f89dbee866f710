/** @packageDocumentation @beta */

export { idsOf } from './attributes.ts';
export type { TracedSession } from './livekit_session.ts';
export { type TracedOncue, type TraceOptions, traceOncue } from './trace_oncue.ts';
