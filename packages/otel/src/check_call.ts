import { OncueError } from '@oncue/core';
import { assertFunction, assertKnown, assertObject, isOfAnother } from '@oncue/core/internal';

const OPTIONS = ['tracerProvider', 'meterProvider', 'includeText', 'metadataAttributes'];

/**
 * @throws OncueError `ONCUE_BAD_OPTION` for an argument or option that is unknown or of the wrong type [OT10], and for a
 *   session that is not the one to which Oncue is attached [AH9].
 */
export function checkCall(oncue: unknown, session: unknown, options: unknown): void {
  if (!has(oncue, 'agentTurnContextOf') || !has(session, 'on') || !has(session, 'off'))
    throw bad(
      'traceOncue takes what attachOncue returned, and the session: traceOncue(oncue, session)',
    );
  if (isOfAnother(oncue, session))
    throw bad(
      'traceOncue got what attachOncue returned for another session; give it the two that belong together',
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

function has(value: unknown, method: string): value is object {
  return (
    typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[method] === 'function'
  );
}

function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}
