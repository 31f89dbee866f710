/** What is used of a `ParticipantTranscriptionOutput` (`voice/room_io/_output.ts`). */
interface TranscriptSink {
  readonly currentId: string;
  createTextWriter(...args: unknown[]): unknown;
}

const followed = new WeakSet<object>();

/**
 * Tells each `lk.segment_id` when its transcript begins to leave, which is when its response is heard. LiveKit makes it up
 * there and tells it nobody but the clients.
 *
 * @param transcription - `session.output.transcription`, whatever stands before the one that sends.
 */
export function followSegmentIds(transcription: unknown, tell: (segmentId: string) => void): void {
  const sink = sinkIn(transcription);
  if (!sink || followed.has(sink)) return;
  followed.add(sink);
  const create = sink.createTextWriter;
  sink.createTextWriter = (...args) => {
    tell(sink.currentId);
    return create.apply(sink, args);
  };
}

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
