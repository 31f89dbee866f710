import { log } from '@livekit/agents';
import { vi } from 'vitest';
import type { SessionRun } from './session_harness.ts';

/** LiveKit says this 5 s after an interruption: perhaps about a speech of a test that is over, since files share a process. */
const LATE = /speech not done in time after interruption/;

/** What LiveKit logs as errors from now on, but for what it says late about the speeches of other runs. */
export function loggedErrors(): (of: SessionRun) => readonly unknown[][] {
  const error = vi.spyOn(log() as never, 'error') as unknown as { mock: { calls: unknown[][] } };
  return ({ speechIds }) =>
    error.mock.calls.filter((call) => {
      const [of, text] = call as [{ readonly speech_id?: string } | undefined, unknown?];
      return !LATE.test(String(text)) || speechIds.includes(of?.speech_id ?? '');
    });
}
