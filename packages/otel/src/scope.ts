/** The instrumentation scope of all spans and metrics. */
export const SCOPE = { name: '@oncue/otel', version: '0.1.0' } as const;
