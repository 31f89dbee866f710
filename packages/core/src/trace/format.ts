import { OncueError } from '../errors.ts';
import type { OncueEvent } from '../events.ts';
import type { TimelineOptions } from '../options.ts';
import type { TimelineInput } from '../step/inputs.ts';

/** The trace version that is written. Version 1 can still be read. */
export const TRACE_VERSION = 2;

/** The versions that can be read [TR1]. */
export type TraceVersion = 1 | typeof TRACE_VERSION;

/** The first line of a trace. */
export interface TraceHeader {
  readonly kind: 'header';
  /** The version in which the trace was written. */
  readonly v: TraceVersion;
  readonly options: TimelineOptions;
  /**
   * The wall clock, in ms since 1970, when the agent's clock read 0. Present if the recorder knows it. Add it to an
   * instant of the trace to get what `Date.now()` returned at that instant.
   */
  readonly epochAtZeroMs?: number;
}

/**
 * One line of a trace. An `input` is followed by the events that it caused. A `note` holds anything else that a
 * recorder wants to keep, for example when another clock measured the same sound. A replay ignores notes.
 */
export type TraceLine =
  | TraceHeader
  | { readonly kind: 'input'; readonly input: TimelineInput }
  | { readonly kind: 'event'; readonly event: OncueEvent }
  | {
      readonly kind: 'note';
      readonly note: { readonly type: string; readonly atMs: number } & Record<string, unknown>;
    };

type Fields = Readonly<Record<string, unknown>>;

/** One line of JSON, without the line end. @throws What `JSON.stringify` throws for a note that it cannot encode. */
export function encodeTraceLine(line: TraceLine): string {
  return JSON.stringify(line);
}

/**
 * Reads one line. Option names in a version 1 header are converted to today's.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` if the line is not a trace line or its version is unknown.
 */
export function parseTraceLine(text: string, lineNumber: number): TraceLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OncueError(
      'ONCUE_BAD_FORMAT',
      `line ${lineNumber} of the trace is not JSON; was the file truncated?`,
      { cause },
    );
  }
  if (isRecord(value) && value['kind'] === 'header') return headerOf(value, lineNumber);
  if (isTraceLine(value)) return value;
  throw new OncueError(
    'ONCUE_BAD_FORMAT',
    `line ${lineNumber} is not a line of an Oncue trace; is this another kind of file?`,
  );
}

/**
 * Reads a whole trace. A truncated last line is left out, so that the trace of a crashed process can be read.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` if the first line is not a header or another line is broken.
 */
export function parseTrace(text: string): {
  readonly header: TraceHeader;
  readonly lines: readonly TraceLine[];
} {
  const rows = text.split('\n').filter((row) => row.trim() !== '');
  const whole = text.endsWith('\n') ? rows : rows.slice(0, -1);
  const lines = whole.map((row, index) => parseTraceLine(row, index + 1));
  const header = lines[0];
  if (header?.kind !== 'header') {
    throw new OncueError(
      'ONCUE_BAD_FORMAT',
      'the first line of a trace is its header; this file has none',
    );
  }
  return { header, lines: lines.slice(1) };
}

function headerOf(fields: Fields, lineNumber: number): TraceHeader {
  const { v, options, epochAtZeroMs } = fields as { readonly [name: string]: unknown };
  if (v !== 1 && v !== TRACE_VERSION) {
    throw new OncueError(
      'ONCUE_BAD_FORMAT',
      `this trace has version ${JSON.stringify(v)}, and versions 1 and ${TRACE_VERSION} can be read; use the @oncue/core that wrote it`,
    );
  }
  if (!isRecord(options) || !(epochAtZeroMs === undefined || Number.isFinite(epochAtZeroMs))) {
    throw new OncueError('ONCUE_BAD_FORMAT', `line ${lineNumber} is not the header of a trace`);
  }
  const header = { ...fields, options: v === 1 ? optionsOfVersion1(options) : options };
  return header as unknown as TraceHeader;
}

/** Version 1 had another name for `maxPathDriftMs`. */
function optionsOfVersion1({ followPathWithinMs, ...options }: Fields): Fields {
  return followPathWithinMs === undefined
    ? options
    : { ...options, maxPathDriftMs: followPathWithinMs };
}

function isTraceLine(value: unknown): value is Exclude<TraceLine, TraceHeader> {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'input':
      return isTimedRecord(value['input']);
    case 'event':
      return isTimedRecord(value['event']) && typeof value['event']['seq'] === 'number';
    case 'note':
      return isTimedRecord(value['note']);
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTimedRecord(value: unknown): value is Fields {
  return isRecord(value) && typeof value['type'] === 'string' && typeof value['atMs'] === 'number';
}
