import { AudioFrame } from '@livekit/rtc-node';
import { type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { FailOpen } from '../../src/fail_open.ts';
import { LocalDevice, SocketListener } from '../../src/index.ts';
import { type ListenerDevice, MOST_AHEAD_MS } from '../../src/listeners/listener_device.ts';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { ReplayBuffer } from '../../src/listeners/replay_buffer.ts';
import { RoomSender } from '../../src/listeners/room/room_sender.ts';

import { OncueOutput } from '../../src/output/oncue_output.ts';
import { FakePage } from '../support/fake_page.ts';
import '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

const RATE_HZ = 8000;
const FRAME_MS = 500;
const HOUR_MS = 3_600_000;
const STEP_MS = 500;

/** A turn of the event loop settles promises much faster than the clock's default does, and these tests take hours of the clock. */
const oneTurn = (): Promise<void> => new Promise(setImmediate);

let open: Stage[] = [];

afterEach(async () => {
  for (const stage of open) await stage.close();
  open = [];
});

/** An output and a listener on a manual clock, and a pipeline that makes audio as fast as it is taken. */
class Stage {
  readonly timeline: Timeline;
  readonly output: OncueOutput;
  readonly clock: ManualClock;
  readonly events;
  readonly id: ResponseId;
  takenMs = 0;
  isInterrupted = false;
  #interrupted = (): void => {};
  readonly #interruption = new Promise<void>((resolve) => {
    this.#interrupted = resolve;
  });
  readonly #link: ListenerLink;
  readonly #listener: ListenerDevice;

  constructor(clock: ManualClock, listener: ListenerDevice) {
    this.clock = clock;
    this.#listener = listener;
    const timeline = new Timeline({ clock });
    this.timeline = timeline;
    this.events = captureEvents(timeline);
    const holds = new PlayoutHolds(timeline);
    this.#link = new ListenerLink({ listener, timeline, clock, holds });
    const turn = timeline.openTurn();
    turn.goLive();
    this.id = turn.begin().id;
    turn.addText('A long story.');
    this.output = new OncueOutput({
      timeline,
      clock,
      listener,
      holds,
      holdMessages: (handOver) => this.#link.holdMessages(handOver),
      failOpen: new FailOpen(),
      responseOf: () => this.id,
      segmentBegins: () => false,
      heardCaption: ({ heardText }) => heardText,
      isInterrupted: () => this.isInterrupted,
      orInterrupted: (until) => Promise.race([until, this.#interruption]),
      cutBy: () => 'code',
    });
    open.push(this);
  }

  /** Hands over audio, one frame when the one before it was taken. */
  async make(durationMs: number): Promise<void> {
    const samples = new Int16Array((FRAME_MS * RATE_HZ) / 1000).fill(100);
    while (this.takenMs < durationMs && !this.isInterrupted) {
      await this.output.captureFrame(new AudioFrame(samples, RATE_HZ, 1, samples.length));
      this.takenMs += FRAME_MS;
    }
    this.output.flush();
  }

  interrupt(): void {
    this.isInterrupted = true;
    this.#interrupted();
  }

  get aheadMs(): number {
    return this.takenMs - this.clock.nowMs();
  }

  /** Lets time pass until something is so, at most two hours. */
  async until(isSo: () => boolean, each: () => void = () => {}): Promise<void> {
    for (let passedMs = 0; !isSo() && passedMs < 2 * HOUR_MS; passedMs += STEP_MS) {
      await this.clock.advanceAsync(STEP_MS, oneTurn);
      each();
    }
  }

  get end(): object | undefined {
    return this.events.ofType('response_playback_finished')[0];
  }

  async close(): Promise<void> {
    await this.timeline.close(0);
    this.#link.close();
    this.#listener.close();
  }
}

describe('[LK20] long audio', () => {
  it('[LK20] an hour of it through a local device is played whole, and never is more than 60 s of it there', async () => {
    const clock = new ManualClock();
    const device = new LocalDevice({ clock, sampleRateHz: RATE_HZ, periodMs: 100 });
    const stage = new Stage(clock, device);
    const made = stage.make(HOUR_MS);
    let mostMs = 0;

    await stage.until(
      () => stage.end !== undefined,
      () => {
        mostMs = Math.max(mostMs, stage.aheadMs);
      },
    );
    await made;

    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(mostMs).toBeLessThan(MOST_AHEAD_MS + 2 * FRAME_MS);
    expect(stage.end).toMatchObject({ outcome: 'heard', heardMs: HOUR_MS, sentMs: HOUR_MS });
  });

  it('[LK20] through a socket reaches the page whole, though that plays at half speed', async () => {
    const clock = new ManualClock();
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const stage = new Stage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    listener.attachSocket(page);
    page.hello();
    const made = stage.make(HOUR_MS / 4);
    let heardMs = 0;
    let mostMs = 0;
    let came = 0;

    await stage.until(
      () => came >= (HOUR_MS / 4 / 1000) * RATE_HZ,
      () => {
        came += page.frames.splice(0).reduce((sum, { samples }) => sum + samples.length, 0);
        heardMs = Math.min(heardMs + STEP_MS / 2, (came * 1000) / RATE_HZ);
        page.report(stage.id, Math.max(1, (heardMs * RATE_HZ) / 1000));
        mostMs = Math.max(mostMs, listener.waitingMs());
      },
    );
    await made;

    expect(came).toBe((HOUR_MS / 4 / 1000) * RATE_HZ);
    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(mostMs).toBeLessThan(MOST_AHEAD_MS + 2 * FRAME_MS);
  });

  it('[LK20] through a room leaves whole, and what has left is forgotten', async () => {
    const clock = new ManualClock();
    let left = 0;
    const sender = new RoomSender({
      clock,
      sampleRateHz: RATE_HZ,
      source: {
        // Takes a frame in the time it lasts.
        captureFrame: (frame) =>
          new Promise((resolve) => {
            left += frame.samplesPerChannel;
            clock.schedule((frame.samplesPerChannel * 1000) / RATE_HZ, resolve);
          }),
        clearQueue: () => {},
        close: () => Promise.resolve(),
      },
      host: {
        mayLeave: true,
        wantsFingerprints: true,
        fingerprint: () => {},
        queueMoved: () => {},
        sourceFailed: (error) => {
          throw error;
        },
      },
    });
    const id = 'a' as ResponseId;
    const second = new Int16Array(RATE_HZ).map((_, index) => 8000 * Math.sin(index / 3));
    let mostSamples = 0;
    sender.announce(id, undefined);
    for (let atMs = 0; atMs < HOUR_MS / 4; atMs += 1000) {
      sender.write(id, second);
      await clock.advanceAsync(1000, oneTurn);
      mostSamples = Math.max(mostSamples, sender.keptSamples);
    }
    sender.end(id);
    await clock.advanceAsync(1000);
    sender.close();

    expect(left).toBe((HOUR_MS / 4 / 1000) * RATE_HZ);
    expect(mostSamples / RATE_HZ, 's in memory').toBeLessThan(120);
  }, 60_000);
});

describe('[LK20] the pipeline is held back', () => {
  it('[LK20] no longer than until the speech is interrupted', async () => {
    const clock = new ManualClock();
    const stage = new Stage(clock, new LocalDevice({ clock, sampleRateHz: RATE_HZ }));
    let isOver = false;
    const made = stage.make(HOUR_MS).then(() => {
      isOver = true;
    });
    await stage.until(() => stage.clock.nowMs() >= 5000);
    expect(stage.aheadMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(isOver).toBe(false);

    stage.interrupt();
    await made;

    expect(isOver).toBe(true);
  });

  it('[LK20] not by a page that answers and does not play', async () => {
    const clock = new ManualClock();
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const stage = new Stage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    listener.attachSocket(page);
    page.hello();
    const made = stage.make(10 * MOST_AHEAD_MS);

    await stage.until(() => stage.takenMs >= 10 * MOST_AHEAD_MS);
    await made;

    expect(stage.takenMs).toBe(10 * MOST_AHEAD_MS);
  });
});

it.each([
  ['a page answers and never plays', true],
  ['no page is there, and playout goes on by estimate', false],
])(
  '[LK20] an hour of one response is kept no further than two minutes while %s',
  async (_, isThere) => {
    captureWarnings();
    const clock = new ManualClock();
    const nobody = { awayAfterMs: 0, whenNobodyListens: 'estimate' } as const;
    const listener = new SocketListener({
      clock,
      sampleRateHz: RATE_HZ,
      ...(isThere ? {} : nobody),
    });
    const stage = new Stage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    if (isThere) {
      listener.attachSocket(page);
      page.hello();
    }
    const made = stage.make(HOUR_MS);
    let mostMs = 0;

    await stage.until(
      () => stage.takenMs >= HOUR_MS,
      () => {
        mostMs = Math.max(mostMs, listener.keptMs);
      },
    );
    await made;

    expect(stage.takenMs).toBe(HOUR_MS);
    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS / 2);
    expect(mostMs).toBeLessThanOrEqual(2 * MOST_AHEAD_MS + 2 * FRAME_MS);
  },
);

it('[LK20] what is kept for a page has no limit that drops audio', () => {
  const kept = new ReplayBuffer();
  const id = 'a' as ResponseId;
  const minute = new Int16Array(60 * RATE_HZ);
  kept.announce(id, undefined);
  for (let written = 0; written < 20; written += 1) kept.write(id, minute);

  expect(kept.waitingSamples).toBe(20 * minute.length);
});

it('[LK20] a page that answers and does not play has the audio of ended responses dropped, with ONCUE_AUDIO_DROPPED', () => {
  const warnings = captureWarnings();
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const stage = new Stage(clock, listener);
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  const responseId = 'a' as ResponseId;
  listener.send({ type: 'announce', responseId, sampleRateHz: RATE_HZ });
  listener.write(responseId, new Int16Array(61 * RATE_HZ));
  listener.settled(responseId);

  expect(warnings.map(({ code }) => code)).toEqual(['ONCUE_AUDIO_DROPPED']);
  expect(stage.end).toBeUndefined();
});
