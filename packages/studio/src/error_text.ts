import type { AgentError } from './protocol/control_messages.ts';

/** An error as the page shows it, with its causes. */
export function describeError(phase: AgentError['phase'], thrown: unknown): AgentError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { phase, message: error.message, stack: stackOf(error) };
}

function stackOf(error: Error, depth = 0): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  if (!(error.cause instanceof Error) || depth >= 4) return own;
  return `${own}\ncaused by ${stackOf(error.cause, depth + 1)}`;
}
