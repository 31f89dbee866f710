// Tests for SPEC.md, "After it was heard": a speech of which the end is known to some milliseconds only.
import type { ResponsePlaybackFinished, ResponseSkipped } from '@oncue/core';
import { KnownOnce } from '@oncue/core/internal';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import {
  type AfterHeardOptions,
  afterHeard,
  type SpeechHeard,
  speechHeard,
} from '../src/after_heard.ts';

const speech = { id: 'speech', interrupted: false, addDoneCallback: () => {} };

function finished(
  endedAtMs: number,
  errorBoundMs: number,
  outcome: ResponsePlaybackFinished['outcome'] = 'heard',
): ResponsePlaybackFinished {
  return { type: 'response_playback_finished', outcome, endedAtMs, errorBoundMs } as never;
}

/** Becomes known at 1000. */
async function ranAt(
  responses: readonly (ResponsePlaybackFinished | ResponseSkipped)[],
  options: AfterHeardOptions = {},
) {
  const clock = new ManualClock();
  const known = new KnownOnce<SpeechHeard>();
  const ran: { readonly atMs: number; readonly outcome: string }[] = [];
  const result = afterHeard(
    speech as never,
    ({ outcome }) => void ran.push({ atMs: clock.nowMs(), outcome }),
    options,
    { clock, heardOf: () => known, failed: () => {} },
  );
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await settle();
    }
  };
  await pass(1000);
  known.set(speechHeard(responses, false));
  await settle();
  await pass(1000);
  return { ran, result, pass };
}

describe('[AH4] the function runs when the end is certain', () => {
  it.each([
    ['at once, if that has passed', [finished(900, 100)], 1000],
    ['when the bound of the end has passed', [finished(900, 250)], 1150],
    ['of each response', [finished(500, 700), finished(990, 20)], 1200],
    ['of one that failed, too', [finished(900, 250, 'failed')], 1150],
    ['whatever was skipped', [finished(900, 250), skipped()], 1150],
    ['at once, if nothing was heard', [skipped()], 1000],
  ])('%s', async (_, responses, atMs) => {
    expect((await ranAt(responses)).ran).toMatchObject([{ atMs }]);
  });

  it('at once after a cut', async () => {
    const { ran } = await ranAt([finished(900, 250, 'cut')], { onCut: 'run' });
    expect(ran).toEqual([{ atMs: 1000, outcome: 'cut' }]);
  });

  it('[AH6] at the latest when the time is over, with what is known', async () => {
    const { ran } = await ranAt([finished(900, 900)], { timeoutMs: 1200 });
    expect(ran).toEqual([{ atMs: 1200, outcome: 'heard' }]);
  });

  it('[AH6] and not if the signal aborts meanwhile', async () => {
    const controller = new AbortController();
    const { ran, result, pass } = await ranAt([finished(900, 5000)], { signal: controller.signal });
    controller.abort();
    await pass(5000);
    expect(ran).toEqual([]);
    expect(await result).toEqual({ status: 'not_run', heard: { outcome: 'aborted' } });
  });
});

function skipped(): ResponseSkipped {
  return { type: 'response_skipped', reason: 'muted' } as never;
}
