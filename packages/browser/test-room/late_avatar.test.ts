import { voice } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
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

it('[LK17] an avatar that starts after Oncue was attached is followed: responses, tasks, states, and what was heard of a cut one', async () => {
  const of = { room: 'stage', identity: 'avatar', agent: 'agent' };
  const worker = await AvatarWorker.join(server, of);
  const agent = await RoomAgent.join(server, { room: 'stage' });
  // As the `start` of LiveKit's avatar plugins does.
  agent.session.output.audio = new voice.DataStreamAudioOutput({
    room: agent.room,
    destinationIdentity: 'avatar',
    waitPlaybackStart: true,
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

  const speech = agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.of('response_playback_started')).toHaveLength(3), SOON);
  const startedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - startedAtMs).toBeGreaterThan(1500), SOON);
  agent.session.interrupt();
  await speech.waitForPlayout();

  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(3), SOON);
  const cut = agent.of('response_playback_finished')[2];
  expect(cut).toMatchObject({ outcome: 'cut', evidence: 'transport' });
  expect(cut?.heardText).not.toBe('');
  expect(STORY.startsWith(cut?.heardText ?? 'nothing')).toBe(true);
  expect(cut?.heardText.length).toBeLessThan(STORY.length);
  await vi.waitFor(() => expect(agent.messages.at(-1)).toBe(cut?.heardText), SOON);
  await agent.leave();
  await worker.leave();
});
