import type { FailOpen } from '../../fail_open.ts';
import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/** The output that publishes a transcript in a room. It makes up the `lk.segment_id` and gives it to the clients only. */
export const SEGMENT_IDS: InternalFact = {
  name: 'ParticipantTranscriptionOutput.createTextWriter and .currentId, ParalellTextOutput._sinks',
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
 * @returns `false` if no output that publishes was found, or it cannot be followed.
 */
export function followSegmentIds(
  transcription: unknown,
  report: (segmentId: string) => void,
  failOpen: FailOpen,
): boolean {
  const sink = sinkIn(transcription);
  if (!sink) return false;
  if (followed.has(sink)) return true;
  const create = sink.createTextWriter;
  const reporting: TranscriptSink['createTextWriter'] = (...args) => {
    failOpen.run('reporting a segment id', () => report(sink.currentId), undefined);
    return create.apply(sink, args);
  };
  if (!Reflect.set(sink, 'createTextWriter', reporting)) return false;
  followed.add(sink);
  return true;
}

/** A fan-out keeps its outputs in `_sinks` (`ParalellTextOutput`); any other output has one after it. */
function sinkIn(output: unknown): TranscriptSink | undefined {
  if (typeof output !== 'object' || output === null) return undefined;
  const isSink =
    typeof memberOf(output, 'currentId') === 'string' &&
    typeof memberOf(output, 'createTextWriter') === 'function';
  if (isSink) return output as TranscriptSink;
  const sinks = memberOf(output, '_sinks');
  for (const next of Array.isArray(sinks) ? sinks : [memberOf(output, 'nextInChain')]) {
    const sink = sinkIn(next);
    if (sink) return sink;
  }
  return undefined;
}
