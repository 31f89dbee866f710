import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { beforeEach, expect, it, vi } from 'vitest';
import { joinToken, type LivekitServer, openRoomPage, type RoomPage } from '../src/index.ts';
import { useRoomStage } from '../src/room_stage.ts';

const RATE_HZ = 48_000;
const TONE_HZ = 440;
const SOON = { timeout: 15_000, interval: 50 };

interface View {
  readonly state: string;
  readonly tracks: number;
  readonly messages: readonly { topic: string; text: string; from: string }[];
  readonly sounds: readonly { startsAtMs: number; knownAtMs: number; endsAtMs?: number }[];
}

const stage = useRoomStage();
let agent: Agent;
let page: RoomPage;

beforeEach(async () => {
  const { browser, site, server, network, room } = stage;
  agent = await Agent.join(server, room);
  stage.closeLater({ close: () => agent.leave() });
  page = await openRoomPage({ browser, site, network });
  stage.closeLater(page);
  await page.join(server, { room, identity: 'listener' });
  // Before that, the agent does not know the sender of a packet.
  await vi.waitFor(() => expect(agent.others).toEqual(['listener']), SOON);
});

/** Plays tones, answers pings, and records the messages it gets. */
class Agent {
  readonly messages: { topic: string; text: string; from: string }[] = [];
  readonly source: AudioSource = new AudioSource(RATE_HZ, 1);
  readonly #room = new Room();

  static async join(of: LivekitServer, room: string): Promise<Agent> {
    const agent = new Agent();
    agent.#room.on(RoomEvent.DataReceived, (data, participant, _kind, topic = '') => {
      if (topic === 'ping') agent.#publish(data, 'pong');
      else {
        const text = new TextDecoder().decode(data);
        agent.messages.push({ topic, text, from: participant?.identity ?? '' });
      }
    });
    const token = await joinToken(of, { room, identity: 'agent' });
    await agent.#room.connect(of.url, token, { autoSubscribe: true, dynacast: false });
    const track = LocalAudioTrack.createAudioTrack('voice', agent.source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await agent.#room.localParticipant?.publishTrack(track, options);
    return agent;
  }

  get others(): string[] {
    return [...this.#room.remoteParticipants.values()].map(({ identity }) => identity);
  }

  async say(forMs: number): Promise<void> {
    const samples = RATE_HZ / 100;
    for (let frame = 0; frame < forMs / 10; frame += 1) {
      const data = Int16Array.from({ length: samples }, (_, index) =>
        Math.round(8000 * Math.sin((2 * Math.PI * TONE_HZ * (frame * samples + index)) / RATE_HZ)),
      );
      await this.source.captureFrame(new AudioFrame(data, RATE_HZ, 1, samples));
    }
  }

  async send(topic: string, text: string): Promise<void> {
    const data = new TextEncoder().encode(text);
    await this.#room.localParticipant?.publishData(data, { reliable: true, topic });
  }

  async leave(): Promise<void> {
    await this.#room.disconnect();
    await this.source.close();
  }

  #publish(data: Uint8Array, topic: string): void {
    // A pong that cannot be sent counts as lost.
    this.#room.localParticipant?.publishData(data, { reliable: false, topic }).catch(() => {});
  }
}

const view = (): Promise<View> => page.call('view');
const untilSubscribed = (): Promise<void> =>
  vi.waitFor(async () => expect((await view()).tracks).toBe(1), SOON);
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const roundTripMs = async (): Promise<number> =>
  median(await page.call<number[]>('roundTripsMs', { count: 40, everyMs: 25 }));

it('what the agent says is heard in the page, and comes through the network', async () => {
  await untilSubscribed();
  await agent.say(1000);

  await vi.waitFor(
    async () => expect((await view()).sounds.at(0)?.endsAtMs).toBeGreaterThan(0),
    SOON,
  );
  const [sound] = (await view()).sounds;
  expect((sound?.endsAtMs ?? 0) - (sound?.startsAtMs ?? 0)).toBeGreaterThan(500);
  const [audio] = await page.inboundAudio();
  expect(audio?.['packetsReceived']).toBeGreaterThan(0);
  expect(await page.remotePorts()).toEqual([stage.network.udpPort]);
  expect((await stage.network.counts()).counts.toClient.deliveredCount).toBeGreaterThan(50);
  expect(page.errors).toEqual([]);
});

it('data goes both ways', async () => {
  await page.call('send', { topic: 'greeting', text: 'from the page' });
  await vi.waitFor(
    () =>
      expect(agent.messages).toEqual([
        { topic: 'greeting', text: 'from the page', from: 'listener' },
      ]),
    SOON,
  );

  await agent.send('greeting', 'from the agent');
  await vi.waitFor(
    async () =>
      expect((await view()).messages).toEqual([
        { topic: 'greeting', text: 'from the agent', from: 'agent' },
      ]),
    SOON,
  );
});

it('"wan" makes the way there and back longer, and "clean" makes it short again', async () => {
  const cleanMs = await roundTripMs();
  await stage.network.set('wan');
  const wanMs = await roundTripMs();
  await stage.network.set('clean');
  const againMs = await roundTripMs();

  expect(wanMs - cleanMs).toBeGreaterThan(40);
  expect(wanMs - againMs).toBeGreaterThan(40);
});

it('an outage stops every packet, and what comes after it gets through', async () => {
  await untilSubscribed();
  await stage.network.outage(60_000);
  const before = await stage.network.counts();
  const duringMs = await page.call<number[]>('roundTripsMs', { count: 10, everyMs: 50 });
  const during = await stage.network.counts();

  expect(duringMs).toEqual([]);
  expect(during.counts.toServer.lostCount).toBeGreaterThan(before.counts.toServer.lostCount);
  expect(during.counts.toServer.deliveredCount).toBe(before.counts.toServer.deliveredCount);
  await stage.network.outage(0);

  await vi.waitFor(
    async () =>
      expect(await page.call('roundTripsMs', { count: 3, everyMs: 20 })).not.toHaveLength(0),
    SOON,
  );
  await agent.say(500);
  await vi.waitFor(async () => expect((await view()).sounds).toHaveLength(1), SOON);
});

it('a narrow link loses what it cannot carry', async () => {
  await untilSubscribed();
  await stage.network.narrow('clean', { bitsPerSecond: 24_000, queueBytes: 2000 }, ['toClient']);
  await agent.say(3000);
  const { counts } = await stage.network.counts();

  expect(counts.toClient.lostCount).toBeGreaterThan(0);
});
