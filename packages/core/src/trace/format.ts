import { OncueError } from '../errors.ts';
import type { OncueEvent } from '../events.ts';
import type { TimelineOptions } from '../options.ts';
import type { TimelineInput } from '../step/inputs.ts';

/** Version of the trace format; a reader refuses any other. */
export const TRACE_VERSION = 1;

/** First line of a trace. */
export interface TraceHeader {
  readonly kind: 'header';
  readonly v: typeof TRACE_VERSION;
  readonly options: TimelineOptions;
  /** Wall-clock start, ms since 1970, where the recorder knows it: for people, never for arithmetic. */
  readonly startedAtEpochMs?: number;
}

/**
 * One line of a trace. An `input` is followed by the events it led to. A `note` is whatever else a recorder wants to
 * keep with them, for example what another clock says of the same sound; replay leaves it alone.
 */
export type TraceLine =
  | TraceHeader
  | { readonly kind: 'input'; readonly input: TimelineInput }
  | { readonly kind: 'event'; readonly event: OncueEvent }
  | {
      readonly kind: 'note';
      readonly note: { readonly type: string; readonly atMs: number } & Record<string, unknown>;
    };

/** One line of JSON, without the line end. @throws What `JSON.stringify` throws for a note that JSON cannot hold. */
export function encodeTraceLine(line: TraceLine): string {
  return JSON.stringify(line);
}

/**
 * Reads one line.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` for what is no line of a trace of this version.
 */
export function parseTraceLine(text: string, lineNumber: number): TraceLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OncueError(
      'ONCUE_BAD_FORMAT',
      `line ${lineNumber} of the trace is not JSON; is the file cut off?`,
      {
        cause,
      },
    );
  }
  if (isTraceLine(value)) return value;
  throw new OncueError(
    'ONCUE_BAD_FORMAT',
    `line ${lineNumber} is no line of an Oncue trace, version ${TRACE_VERSION}`,
  );
}

/**
 * Reads a whole trace. A last line that was cut off in writing is left out, so the trace of a crash can be read.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` when the first line is no header or a line inside is broken.
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

function isTraceLine(value: unknown): value is TraceLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Readonly<Record<string, unknown>>;
  switch (line['kind']) {
    case 'header':
      return line['v'] === TRACE_VERSION && isRecord(line['options']);
    case 'input':
      return isTimedRecord(line['input']);
    case 'event':
      return isTimedRecord(line['event']) && typeof line['event']['seq'] === 'number';
    case 'note':
      return isTimedRecord(line['note']);
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTimedRecord(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value['type'] === 'string' && typeof value['atMs'] === 'number';
}
