import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { maySound, resumeContext } from '../src/shared/autoplay.ts';

/** A context whose `resume` stays pending, as in a browser without a sound device. */
function silentContext(): Parameters<typeof resumeContext>[0] {
  return {
    state: 'suspended',
    currentTime: 0,
    resume: () => new Promise<void>(() => {}),
  };
}

const browserSays = (policy: string): void => {
  vi.stubGlobal('navigator', { getAutoplayPolicy: () => policy });
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a context that is resumed', () => {
  it('[BR19] knows what the browser says of its autoplay policy', () => {
    browserSays('allowed');
    expect(maySound()).toBe(true);
    browserSays('disallowed');
    expect(maySound()).toBe(false);
    vi.stubGlobal('navigator', {});
    expect(maySound()).toBeUndefined();
  });

  it('[BR19] that may make sound, but does not begin within 5 s, is reported once as a device that does not start', () => {
    browserSays('allowed');
    const codes: string[] = [];
    const context = silentContext();
    void resumeContext(context, ({ code }) => codes.push(code));
    void resumeContext(context, ({ code }) => codes.push(code));
    vi.advanceTimersByTime(4900);
    expect(codes).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(codes).toEqual(['device_not_started']);
  });

  it.each([
    ['disallowed', {}],
    ['allowed', { state: 'running' }],
    ['allowed', { state: 'closed' }],
    ['allowed', { currentTime: 2 }],
  ])('[BR19] with policy %s and %j no device is missing', (policy, changed) => {
    browserSays(policy);
    const failed = vi.fn();
    void resumeContext({ ...silentContext(), ...changed }, failed);
    vi.advanceTimersByTime(10_000);
    expect(failed).not.toHaveBeenCalled();
  });
});
