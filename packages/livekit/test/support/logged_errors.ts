import { log } from '@livekit/agents';
import { vi } from 'vitest';

/** LiveKit says this 5 s after an interruption: often about a speech of a test that is over, since files share a process. */
const OF_AN_EARLIER_TEST = /speech not done in time after interruption/;

/** What LiveKit logs as errors from now on. */
export function loggedErrors(): () => readonly unknown[][] {
  const error = vi.spyOn(log() as never, 'error') as unknown as { mock: { calls: unknown[][] } };
  return () =>
    error.mock.calls.filter((call) => !call.some((part) => OF_AN_EARLIER_TEST.test(String(part))));
}
