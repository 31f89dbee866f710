import { voice } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { OutputListener } from '@oncue/livekit';
import { type LivekitServer, missingForRoom, needsRoom, startLivekitServer } from '@oncue/testbed';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { AvatarWorker } from './support/avatar_worker.ts';
import { RoomAgent } from './support/room_agent.ts';

// One test: LiveKit registers for what avatar workers say once a process, in the room that comes first.

const SOON = { timeout: 20_000, interval: 50 };
const STORY = 'A long story begins here, and it goes on and on until somebody stops it for good.';
let server: LivekitServer;

beforeAll(async () => {
  if (missingForRoom() === undefined) server = await startLivekitServer();
});

afterAll(async () => {
  await server?.stop();
  await dispose();
});

beforeEach(needsRoom);

it('[AU17] an avatar worker that is killed in the middle of an answer: the answer is not known to be heard, and the next worker is heard', async () => {
  const of = { room: 'stage', identity: 'avatar', agent: 'agent' };
  const killed = await AvatarWorker.join(server, of);
  const agent = await RoomAgent.join(server, {
    room: 'stage',
    listener: (room) =>
      new OutputListener(
        new voice.DataStreamAudioOutput({
          room,
          destinationIdentity: 'avatar',
          waitPlaybackStart: true,
        }),
      ),
  });
  const speech = agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.of('response_playback_started')).toHaveLength(1), SOON);
  const startedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - startedAtMs).toBeGreaterThan(1700), SOON);
  await killed.die();
  await speech.waitForPlayout();

  expect(agent.of('response_playback_finished')).toMatchObject([
    {
      outcome: 'partly_heard',
      evidence: 'estimate',
      heardText: '',
      inaudible: [{ why: 'silent' }],
    },
  ]);
  expect(agent.messages.at(-1)).toBe(STORY);

  const next = await AvatarWorker.join(server, of);
  await agent.ask(['That was all.']).waitForPlayout();

  expect(agent.of('response_playback_finished')[1]).toMatchObject({
    outcome: 'heard',
    evidence: 'transport',
    heardText: 'That was all.',
  });
  await agent.leave();
  await next.leave();
});
