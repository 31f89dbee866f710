// Tests for SPEC.md, RS7: the audio that an application gives `session.say`, and that breaks off.
import { ReadableStream } from 'node:stream/web';
import { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { type SessionRun, startSession } from '../support/session_harness.ts';

const RATE_HZ = 16_000;
const FRAME_MS = 20;
const TEXT = 'alpha beta gamma delta epsilon zeta eta theta iota kappa.';

const frame = (): AudioFrame => {
  const samples = (RATE_HZ * FRAME_MS) / 1000;
  return new AudioFrame(new Int16Array(samples).fill(900), RATE_HZ, 1, samples);
};

/** So much sound, and then the error. */
function breakingOff(afterMs: number, error: unknown): ReadableStream<AudioFrame> {
  let leftMs = afterMs;
  return new ReadableStream<AudioFrame>(
    {
      pull: (controller) => {
        if (leftMs <= 0) controller.error(error);
        else controller.enqueue(frame());
        leftMs -= FRAME_MS;
      },
    },
    { highWaterMark: 0 },
  );
}

/** LiveKit leaves the rejection of such a speech to Node. */
async function unhandled(run: () => Promise<void>): Promise<unknown[]> {
  const before = process.listeners('unhandledRejection');
  const rejections: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => rejections.push(reason));
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);
  }
  return rejections;
}

async function said(run: SessionRun, audio: ReadableStream<AudioFrame>): Promise<unknown[]> {
  return await unhandled(async () => {
    const handle = run.session.say(TEXT, { audio });
    await run.until(() => run.finished.length + run.of('response_skipped').length > 0);
    await run.over(handle);
  });
}

describe('[RS7] frames given to say that break off', () => {
  it('[RS7] after a part: the response has failed, and holds what was heard of it', async () => {
    const run = await startSession();
    const error = new Error('the file ended early');
    const rejections = await said(run, breakingOff(300, error));

    expect(run.finished).toMatchObject([{ outcome: 'failed', heardMs: 300, sentMs: 300 }]);
    expect(run.finished[0]?.heardText).not.toContain('kappa');
    // The same as without Oncue.
    expect(new Set(rejections)).toEqual(new Set([error]));
  });

  it('[RS7] before the first frame: it is skipped as failed', async () => {
    const run = await startSession();
    await said(run, breakingOff(0, new Error('there is no such file')));

    expect(run.of('response_skipped')).toMatchObject([
      { reason: 'failed', detail: 'there is no such file' },
    ]);
  });

  it('[RS7] the next one is heard', async () => {
    const run = await startSession();
    await said(run, breakingOff(100, new Error('broken')));
    await run.over(run.session.say('later', { audio: ReadableStream.from([frame(), frame()]) }));

    expect(run.ends.at(-1)).toBe('heard: later');
  });
});

describe('frames given to say', () => {
  it('[RS7] are played whole if they do not break off', async () => {
    const run = await startSession();
    const audio = ReadableStream.from([frame(), frame(), frame()]);
    await run.over(run.session.say('alpha', { audio }));

    expect(run.finished).toMatchObject([{ outcome: 'heard', sentMs: 60 }]);
  });

  it('[RS7] are cancelled by an interruption', async () => {
    const run = await startSession();
    let isCancelled = false;
    const audio = new ReadableStream<AudioFrame>({
      pull: (controller) => controller.enqueue(frame()),
      cancel: () => {
        isCancelled = true;
      },
    });
    const handle = run.session.say(TEXT, { audio });
    await run.untilHeard(0, 100);
    handle.interrupt();
    await run.over(handle);

    expect(isCancelled).toBe(true);
    expect(run.ends[0]).toMatch(/^cut/);
  });

  it('[CL3] are not touched when Oncue is over', async () => {
    const run = await startSession();
    await run.close();
    const audio = ReadableStream.from([frame()]);

    expect(() => run.session.say('alpha', { audio })).toThrow(/not running/);
    expect(audio.locked).toBe(false);
  });
});
