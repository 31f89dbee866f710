import type { InternalFact } from '../internal_fact.ts';

/** The output that publishes a transcript in a room. It makes up the `lk.segment_id` and gives it to the clients only. */
export const SEGMENT_IDS: InternalFact = {
  name: 'ParticipantTranscriptionOutput.createTextWriter and .currentId',
  source: 'voice/room_io/_output.ts',
  lost: 'pages are not given the lk.segment_id of a response, and cannot join it to its transcript',
};

interface TranscriptSink {
  readonly currentId: string;
  createTextWriter(...args: unknown[]): unknown;
}

const followed = new WeakSet<object>();

/**
 * Reports each `lk.segment_id` when its transcript begins to leave, which is when its response is heard.
 *
 * @param transcription - `session.output.transcription`, whatever stands before the output that publishes.
 * @returns `false` if no output that publishes was found.
 */
export function followSegmentIds(
  transcription: unknown,
  report: (segmentId: string) => void,
): boolean {
  const sink = sinkIn(transcription);
  if (!sink) return false;
  if (followed.has(sink)) return true;
  followed.add(sink);
  const create = sink.createTextWriter;
  sink.createTextWriter = (...args) => {
    report(sink.currentId);
    return create.apply(sink, args);
  };
  return true;
}

/** A fan-out keeps its outputs in `_sinks` (`ParalellTextOutput`); any other output has one after it. */
function sinkIn(output: unknown): TranscriptSink | undefined {
  if (typeof output !== 'object' || output === null) return undefined;
  const { currentId, createTextWriter, _sinks, nextInChain } = output as Partial<TranscriptSink> & {
    readonly _sinks?: unknown;
    readonly nextInChain?: unknown;
  };
  if (typeof currentId === 'string' && typeof createTextWriter === 'function')
    return output as TranscriptSink;
  for (const next of Array.isArray(_sinks) ? _sinks : [nextInChain]) {
    const sink = sinkIn(next);
    if (sink) return sink;
  }
  return undefined;
}
