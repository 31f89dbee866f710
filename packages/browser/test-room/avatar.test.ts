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

it('[TE1] an avatar worker in a room is believed for what it says: each response once, and what was heard of a cut one', async () => {
  const of = { room: 'stage', identity: 'avatar', agent: 'agent' };
  const worker = await AvatarWorker.join(server, of);
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
  await agent.ask(['One moment. ', 'It is right behind you.']).waitForPlayout();
  await vi.waitFor(() => expect(agent.session.agentState).toBe('listening'), SOON);

  expect(agent.story).toEqual([
    'thinking',
    'start 0',
    'speaking',
    'heard 0',
    'thinking',
    'start 1',
    'speaking',
    'heard 1',
    'listening',
  ]);
  expect(agent.tasks).toEqual([0, 1]);
  const ends = agent.of('response_playback_finished');
  expect(ends.map(({ evidence }) => evidence)).toEqual(['transport', 'transport']);
  expect(worker.receivedSamples).toBe(
    ends[0] && ends[1] && ends[0].sentSamples + ends[1].sentSamples,
  );

  const speech = agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.of('response_playback_started')).toHaveLength(3), SOON);
  // Long enough for some words: the worker says nothing in between.
  const startedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - startedAtMs).toBeGreaterThan(1500), SOON);
  agent.session.interrupt();
  await speech.waitForPlayout();

  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(3), SOON);
  const cut = agent.of('response_playback_finished')[2];
  expect(cut).toMatchObject({ outcome: 'cut', evidence: 'transport' });
  expect(cut?.heardText).not.toBe('');
  expect(STORY.startsWith(cut?.heardText ?? 'nothing')).toBe(true);
  expect(agent.messages.at(-1)).toBe(cut?.heardText);
  await agent.leave();
  await worker.leave();
});
