import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameClock } from '../src/reporter/frame_clock.ts';
import { resumeContext } from '../src/shared/autoplay.ts';
import { defaultPlayback } from '../src/shared/default_playback.ts';
import { restartIfFrozen, resumeAfterInterruption } from '../src/shared/interruptions.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

/** An audio context as it behaves on an iPhone. */
class PhoneContext extends EventTarget {
  state = 'running';
  currentTime = 1;
  calls: string[] = [];

  change(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  async suspend(): Promise<void> {
    this.calls.push('suspend');
    this.change('suspended');
  }

  async resume(): Promise<void> {
    this.calls.push('resume');
    if (this.state === 'interrupted') throw new DOMException('interrupted', 'InvalidStateError');
    this.change('running');
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an interruption, such as a phone call', () => {
  it('[BR22] is not answered with resume, which would fail', async () => {
    const context = new PhoneContext();
    context.change('interrupted');

    await resumeContext(context, () => {});

    expect(context.calls).toEqual([]);
  });

  it('[BR22] that leaves the context suspended is followed by resume; a suspension by the application is not', () => {
    const context = new PhoneContext();
    const resume = vi.fn();
    const following = new AbortController();
    resumeAfterInterruption(context, resume, following.signal);
    context.change('suspended');
    context.change('running');
    expect(resume).not.toHaveBeenCalled();

    context.change('interrupted');
    context.change('suspended');
    expect(resume).toHaveBeenCalledTimes(1);

    following.abort();
    context.change('interrupted');
    context.change('suspended');
    expect(resume).toHaveBeenCalledTimes(1);
  });

  it('[BR22] that leaves the context with a clock that stands still is followed by suspend and resume', async () => {
    const context = new PhoneContext();
    const restarted = restartIfFrozen(context);
    await vi.advanceTimersByTimeAsync(900);
    expect(context.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    await restarted;

    expect(context.calls).toEqual(['suspend', 'resume']);
    expect(context.state).toBe('running');
  });

  it.each([
    ['moves again', { currentTime: 1.02 }],
    ['is interrupted', { state: 'interrupted' }],
    ['is closed', { state: 'closed' }],
  ])('[BR22] a context that %s is left alone', async (_, after) => {
    const context = new PhoneContext();
    const restarted = restartIfFrozen(context);
    Object.assign(context, after);
    await vi.advanceTimersByTimeAsync(1500);
    await restarted;

    expect(context.calls).toEqual([]);
  });
});

describe('where a page cannot set the volume of an element', () => {
  it('[RP21] the elements play by default, so that the switch for silent mode mutes no agent that plain LiveKit lets be heard', () => {
    const onPhone = {
      get volume() {
        return 1;
      },
      set volume(_: number) {},
    };
    expect(defaultPlayback(onPhone)).toBe('element');
    expect(defaultPlayback({ volume: 1 })).toBe('graph');
  });

  it('[RP21] the bound of what elements play is wider by 25 ms, whatever the browser states', () => {
    const instant = { contextMs: 1000, atMs: 5000 as PageMs, extraBoundMs: 25 };
    const boundMs = (mode: 'graph' | 'element', ageMs: number): number => {
      const clock = new FrameClock(mode);
      clock.add({ ...instant, ageMs });
      return clock.toPage(48_000)?.errorBoundMs ?? Number.NaN;
    };
    expect(boundMs('element', 0) - boundMs('graph', 0)).toBe(25);
    expect(boundMs('element', 25) - boundMs('graph', 25)).toBe(25);
  });
});
