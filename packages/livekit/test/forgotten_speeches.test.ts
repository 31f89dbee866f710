import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { type SessionRun, startSession } from './support/session_harness.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const SPEECHES = 6;
/** LiveKit itself keeps the last one or two: its queue and its events name them. */
const MAY_BE_KEPT = 3;
const TIMERS_MS = 15_000;

/** How many of the speeches are still in memory. */
async function countKept(
  run: SessionRun,
  speeches: readonly WeakRef<voice.SpeechHandle>[],
): Promise<number> {
  // LiveKit waits up to 5 s for what it has interrupted or ended.
  await run.pass(TIMERS_MS);
  for (let time = 0; time < 4; time += 1) {
    // A reference that was read is kept until the event loop goes on.
    await new Promise(setImmediate);
    collect();
  }
  return speeches.filter((speech) => speech.deref() !== undefined).length;
}

/** LiveKit keeps every event of a session for its report, and with them every speech. */
function forgetRecordedEvents(session: object): void {
  const { _recordedEvents: recorded } = session as { readonly _recordedEvents?: unknown[] };
  recorded?.splice(0);
}

/** Has the agent speak again and again. @returns Its speeches. */
async function speeches(
  run: SessionRun,
  speak: () => voice.SpeechHandle,
): Promise<WeakRef<voice.SpeechHandle>[]> {
  const all: WeakRef<voice.SpeechHandle>[] = [];
  for (let count = 0; count < SPEECHES; count += 1) {
    const handle = speak();
    all.push(new WeakRef(handle));
    await run.over(handle);
    forgetRecordedEvents(run.session);
  }
  return all;
}

describe('a session does not keep the speeches that are over', () => {
  it('[LK28] when the same code begins one answer after the other', async () => {
    const run = await startSession();
    const all = await speeches(run, () => run.session.generateReply({ userInput: 'hi' }));
    expect(await countKept(run, all)).toBeLessThanOrEqual(MAY_BE_KEPT);
  });

  it('[LK28] when the same code says one text after the other', async () => {
    const run = await startSession();
    const all = await speeches(run, () => run.session.say('One moment.'));
    expect(await countKept(run, all)).toBeLessThanOrEqual(MAY_BE_KEPT);
  });
});
