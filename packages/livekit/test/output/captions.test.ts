import { expect, it } from 'vitest';
import { FailOpen } from '../../src/fail_open.ts';
import type { LocalDeviceOptions } from '../../src/index.ts';
import { followSegmentIds } from '../../src/livekit_internals/output/segment_ids.ts';
import { synchronize } from '../support/captions.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';

interface Caption {
  readonly text: string;
  readonly atMs: number;
}

const TWO = texts('alpha beta gamma delta.', 'epsilon zeta eta theta.');

async function startWithCaptions(
  device: LocalDeviceOptions = {},
  said: ReturnType<typeof texts> = TWO,
): Promise<{ run: SessionRun; captions: Caption[] }> {
  const captions: Caption[] = [];
  const run: SessionRun = await startSession({
    agent: new ScriptedAgent(said),
    device,
    beforeStart: (session) => {
      synchronize(session, (chunk) => {
        const text = typeof chunk === 'string' ? chunk : chunk.text;
        captions.push({ text, atMs: run.clock.nowMs() });
      });
    },
  });
  return { run, captions };
}

it('[PB6] captions begin when the first word is heard, and show every word once', async () => {
  const { run, captions } = await startWithCaptions();

  await run.reply();
  // It finishes the current word before it shows the rest.
  await run.pass(3000);

  expect(captions[0]?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('alpha'));
  expect(captions.map(({ text }) => text).join('')).toBe(
    'alpha beta gamma delta.epsilon zeta eta theta.',
  );
  expect(run.ends).toEqual(['heard: alpha beta gamma delta.', 'heard: epsilon zeta eta theta.']);
  expect(run.stateNames).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
});

it('[PB6] so do those of every later segment, which LiveKit alone would show from the first frame', async () => {
  const { run, captions } = await startWithCaptions({ outputLatencyMs: 300 });

  await run.reply();
  await run.pass(3000);

  const second = captions.find(({ text }) => text.startsWith('epsilon'));
  expect(captions[0]?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('alpha'));
  expect(second?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('epsilon'));
});

it('[PB14] no word of the end of a response is shown before it is heard, though the next one is sent by then', async () => {
  const { run, captions } = await startWithCaptions();
  const reply = run.reply();
  await run.until(() => run.unfinishedSegments === 2);
  const shown = captions.map(({ text }) => text).join('');

  expect(shown.includes('delta')).toBe(false);

  await reply;
  await run.pass(3000);
  expect(captions.map(({ text }) => text).join('')).toBe(
    'alpha beta gamma delta.epsilon zeta eta theta.',
  );
});

it('[PB14] nor while the user has paused the end of it', async () => {
  const { run, captions } = await startWithCaptions();
  const reply = run.reply();
  await run.until(() => run.unfinishedSegments === 2);

  run.session.output.audio?.pause();
  const shownBefore = captions.length;
  await run.pass(2000);
  expect(captions.length - shownBefore).toBeLessThanOrEqual(1);

  run.session.output.audio?.resume();
  await reply;
  await run.pass(3000);
  expect(captions.map(({ text }) => text).join('')).toBe(
    'alpha beta gamma delta.epsilon zeta eta theta.',
  );
});

it('[LK4] captions that still show a long word do not delay the next response', async () => {
  const { run } = await startWithCaptions(
    {},
    texts('incomprehensibilities beta gamma delta.', 'eta.'),
  );

  await run.reply();

  // Four words of 100 ms, and no sample between them.
  expect(run.soundedAtMs('eta.')).toBe(run.soundedAtMs('incomprehensibilities') + 400);
});

it("[PB6][LK7] with LiveKit's synchronizer a cut message still holds what was heard", async () => {
  const { run } = await startWithCaptions();
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(1, 250);

  handle.interrupt();
  await run.over(handle);

  expect(run.ends).toEqual(['heard: alpha beta gamma delta.', 'cut: epsilon zeta']);
  expect(run.chat).toEqual([{ text: 'alpha beta gamma delta.epsilon zeta', interrupted: true }]);
});

it("[PB6][LK7] with LiveKit's synchronizer a message that is cut after the hand-over is corrected", async () => {
  const { run } = await startWithCaptions();
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.until(() => run.unfinishedSegments === 2);
  await run.pass(60);

  handle.interrupt();
  await run.over(handle);

  expect(run.ends).toEqual(['cut: alpha beta gamma', 'skipped: cut']);
  expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: true }]);
});

it('[RM7] the id of the transcript segment is reported with its response as soon as LiveKit has created it', () => {
  const segmentIds: string[] = [];
  const failOpen = new FailOpen();
  let opened = 0;
  const sink = {
    currentId: 'SG_1',
    createTextWriter: () => {
      opened += 1;
    },
  };
  const chain = { nextInChain: { _sinks: [{ currentId: 'legacy' }, sink] } };

  followSegmentIds(chain, (id) => segmentIds.push(id), failOpen);
  followSegmentIds(chain, (id) => segmentIds.push(id), failOpen);
  sink.createTextWriter();
  sink.currentId = 'SG_2';
  sink.createTextWriter();
  followSegmentIds(null, () => segmentIds.push('nothing'), failOpen);

  expect(segmentIds).toEqual(['SG_1', 'SG_2']);
  expect(opened).toBe(2);
});

const ONE = texts('alpha beta gamma delta epsilon zeta.');

it('[LK26] words heard after the audio was switched off are shown when the response has ended, each once', async () => {
  const { run, captions } = await startWithCaptions({}, ONE);
  const reply = run.reply();
  await run.until(() => captions.length > 0);
  run.session.output.setAudioEnabled(false);
  await run.pass(50);
  const shownBefore = captions.length;

  await reply;
  const endedAtMs = run.clock.nowMs();
  await run.pass(1000);

  expect(captions.map(({ text }) => text).join('')).toBe('alpha beta gamma delta epsilon zeta.');
  expect(captions[shownBefore]?.atMs).toBeGreaterThan(endedAtMs - 100);
  expect(run.ends).toEqual(['heard: alpha beta gamma delta epsilon zeta.']);
});

it('[LK26] of those of an interrupted response, only what was heard', async () => {
  const { run, captions } = await startWithCaptions({}, ONE);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.until(() => captions.length > 0);
  run.session.output.setAudioEnabled(false);
  await run.pass(200);

  handle.interrupt();
  await run.over(handle);
  await run.pass(1000);

  const [end] = run.ends;
  expect(captions.length).toBeGreaterThan(1);
  expect(end).not.toMatch(/zeta/);
  expect(`cut: ${captions.map(({ text }) => text).join('')}`).toBe(end);
});
