// Tests for SPEC.md, "Captions": how they travel in a room.
import { Timeline } from '@oncue/core';
import { CAPTION_TOPIC, parseCaptionMessage } from '@oncue/core/wire';
import { afterEach, expect, it, vi } from 'vitest';
import { RATE_HZ, RoomStage } from '../../support/room_stage.ts';
import { captureWarnings } from '../../support/warnings.ts';

afterEach(() => vi.restoreAllMocks());

const SHARE = { text: true, marks: false, metadata: ['topic'] };

/** A room whose listener shares what a timeline does. */
function stageOf(share: typeof SHARE | undefined) {
  const stage = new RoomStage(share ? { share } : {});
  const { captions } = stage.listener;
  const timeline: Timeline = new Timeline({
    clock: stage.clock,
    ...(captions ? { record: (...step) => captions.take(...step, timeline.state) } : {}),
  });
  const packets = () => stage.room.published.filter(({ topic }) => topic === CAPTION_TOPIC);
  return { stage, timeline, packets };
}

function speak(timeline: Timeline, metadata?: unknown, text: string = 'Good evening.'): void {
  const turn = timeline.openTurn();
  const { id } = turn.begin({ metadata });
  turn.addText(text);
  turn.close();
  timeline.audioSent(id, RATE_HZ, RATE_HZ);
  timeline.audioEnded(id);
}

it('[CP1] only the pages that report get captions, on the reliable channel, and each packet parses', async () => {
  const { stage, timeline, packets } = stageOf(SHARE);
  stage.room.join('onlooker');
  stage.listens('user');
  speak(timeline);
  await stage.clock.advanceAsync(200);

  expect(packets().map(({ message }) => message.type as string)).toEqual([
    'response',
    'text',
    'words',
  ]);
  for (const { to, reliable, message } of packets()) {
    expect({ to, reliable }).toEqual({ to: ['user'], reliable: true });
    expect(parseCaptionMessage(JSON.stringify(message)).ok).toBe(true);
  }
});

it('[CP1] without the option nothing is sent for captions', async () => {
  const { stage, timeline, packets } = stageOf(undefined);
  stage.listens('user');
  speak(timeline);
  await stage.clock.advanceAsync(200);

  expect(stage.listener.captions).toBeUndefined();
  expect(packets()).toEqual([]);
});

it('[CP2] a page that reloads in the middle of a response gets the response again', async () => {
  const { stage, timeline, packets } = stageOf(SHARE);
  stage.listens('user');
  speak(timeline);
  await stage.clock.advanceAsync(200);
  const before = packets().length;

  stage.room.say('user', { type: 'hello', evidence: 'device' }, 'reloaded');
  await stage.clock.advanceAsync(10);

  const again = packets().slice(before);
  expect(again.map(({ message }) => message.type as string)).toEqual(['response', 'text', 'words']);
});

it('[CP2] a response that gets its transcript later is named with its segment', async () => {
  const { stage, timeline, packets } = stageOf(SHARE);
  stage.listens('user');
  speak(timeline);
  await stage.clock.advanceAsync(200);
  const { message } = packets()[0] ?? {};
  const { responseId } = message as unknown as { responseId: never };
  stage.listener.send({ type: 'announce', responseId, sampleRateHz: RATE_HZ, segmentId: 'SG_1' });
  await stage.clock.advanceAsync(200);

  const latest = packets().findLast((one) => (one.message.type as string) === 'response');
  expect(latest?.message).toMatchObject({ segmentId: 'SG_1' });
});

it('[CP3] a text that is too long to be shared whole gives one line in the log, too', async () => {
  const warnings = captureWarnings();
  const { stage, timeline } = stageOf(SHARE);
  stage.listens('user');
  speak(timeline, undefined, 'word '.repeat(5000));
  await stage.clock.advanceAsync(5000);

  expect(warnings.map(({ code }) => code)).toEqual(['ONCUE_NOT_SHARED']);
});

it('[CP3] metadata that cannot be shared gives one line in the log that says so', async () => {
  const warnings = captureWarnings();
  const { stage, timeline } = stageOf(SHARE);
  stage.listens('user');
  speak(timeline, { topic: 'x'.repeat(5000) });
  await stage.clock.advanceAsync(200);

  expect(warnings).toEqual([
    expect.objectContaining({
      code: 'ONCUE_NOT_SHARED',
      message: expect.stringContaining('at most 2000'),
    }),
  ]);
});
