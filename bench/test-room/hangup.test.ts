import { initializeLogger } from '@livekit/agents';
import { openPageSite } from '@oncue/testbed';
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, onTestFinished } from 'vitest';
import { judge } from '../src/room/hangup/judge_calls.ts';
import { runCalls } from '../src/room/hangup/run_calls.ts';
import { roomPage } from '../src/shared/room/scene.ts';
import { VoicesTTS } from '../src/shared/room/voices_tts.ts';

initializeLogger({ pretty: false, level: 'silent' });

const stage = useRoomStage(() => openPageSite(roomPage('room/page/main.ts')));

/** Fast, so that the test is short. */
const VOICE_SPEED = 1.8;

it('[AH4][AH5] four calls over random networks hang up after the last sample, and the interrupted one does not', async () => {
  const { server, browser, site } = stage;
  const speaker = new VoicesTTS(VOICE_SPEED);
  onTestFinished(() => speaker.close());

  const heard = await runCalls(
    { server, browser, site, speaker },
    { calls: 4, bargeIns: 1, seed: 4213 },
  );

  expect(heard.flatMap((one) => judge(one).wrong)).toEqual([]);
  expect(heard.filter(({ call }) => call.isCut)).toHaveLength(1);
  expect(heard.map(({ call }) => call.result.status).sort()).toEqual([
    'not_run',
    'ran',
    'ran',
    'ran',
  ]);
}, 120_000);
