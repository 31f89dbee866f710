import { OncueError } from '@oncue/core';
import { assertFunction, assertKnown, assertObject } from '@oncue/core/internal';

const OPTIONS = ['tracerProvider', 'meterProvider', 'includeText', 'metadataAttributes'];

/** @throws OncueError `ONCUE_BAD_OPTION` for an argument or option that is unknown or of the wrong type [OT10]. */
export function checkCall(oncue: unknown, session: unknown, options: unknown): void {
  if (!has(oncue, 'agentTurnContextOf') || !has(session, 'on') || !has(session, 'off'))
    throw bad(
      'traceOncue takes what attachOncue returned, and the session: traceOncue(oncue, session)',
    );
  assertObject('traceOncue takes', options);
  assertKnown('traceOncue', options as object, OPTIONS);
  const { tracerProvider, meterProvider, includeText, metadataAttributes } = options as Readonly<
    Record<string, unknown>
  >;
  if (
    tracerProvider !== undefined &&
    typeof tracerProvider !== 'function' &&
    !has(tracerProvider, 'getTracer')
  )
    throw bad('tracerProvider must be a TracerProvider, or a function that returns one');
  if (meterProvider !== undefined && !has(meterProvider, 'getMeter'))
    throw bad('meterProvider must be a MeterProvider');
  if (includeText !== undefined && typeof includeText !== 'boolean')
    throw bad(`includeText is ${String(includeText)}; give it true or false`);
  if (metadataAttributes !== undefined) assertFunction('metadataAttributes', metadataAttributes);
}

function has(value: unknown, method: string): boolean {
  return (
    typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[method] === 'function'
  );
}

function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}
