import { log } from '@livekit/agents';
import { type MockInstance, vi } from 'vitest';

/** A warning of Oncue in LiveKit's log. */
export interface Warning {
  readonly code: string;
  readonly fact?: string;
  readonly during?: string;
  readonly message: string;
}

/** Collects what Oncue warns of from now on, until `vi.restoreAllMocks`. */
export function captureWarnings(): readonly Warning[] {
  const warnings: Warning[] = [];
  const spy: MockInstance<(...args: unknown[]) => void> = vi.spyOn(log() as never, 'warn');
  spy.mockImplementation((fields: unknown, message: unknown) => {
    if (typeof fields === 'object' && fields !== null && 'code' in fields)
      warnings.push({ ...(fields as Omit<Warning, 'message'>), message: String(message) });
  });
  return warnings;
}
