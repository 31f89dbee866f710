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

/** Whole sentences, of which the last comes when it is asked for. */
async function* endless(text: string, goesOn: Promise<void>): AsyncGenerator<string> {
  yield `${text} ${text} `;
  await goesOn;
  yield text;
}

it('[TE1] [TE3] an avatar worker in a room is believed for what it says: each response once, what was heard of a cut one, and those behind it', async () => {
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

  // Cut while its audio still comes.
  let goOn = () => {};
  const speech = agent.ask([endless(STORY, new Promise((resolve) => (goOn = resolve)))]);
  await vi.waitFor(() => expect(agent.of('response_playback_started')).toHaveLength(3), SOON);
  // Long enough for some words: the worker says nothing in between.
  const startedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - startedAtMs).toBeGreaterThan(1500), SOON);
  agent.session.interrupt();
  goOn();
  await speech.waitForPlayout();

  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(3), SOON);
  const cut = agent.of('response_playback_finished')[2];
  expect(cut).toMatchObject({ outcome: 'cut', evidence: 'transport' });
  expect(cut?.heardText).not.toBe('');
  expect(STORY.startsWith(cut?.heardText ?? 'nothing')).toBe(true);
  expect(agent.messages.at(-1)).toBe(cut?.heardText);

  const receivedSamples = worker.receivedSamples;
  await agent.ask(['That was all.', 'Good night.']).waitForPlayout();

  const last = agent.of('response_playback_finished').slice(3);
  expect(last).toMatchObject([
    { outcome: 'heard', evidence: 'transport', heardText: 'That was all.' },
    { outcome: 'heard', evidence: 'transport', heardText: 'Good night.' },
  ]);
  expect(worker.receivedSamples - receivedSamples).toBe(
    last[0] && last[1] && last[0].sentSamples + last[1].sentSamples,
  );
  await agent.leave();
  await worker.leave();
});
