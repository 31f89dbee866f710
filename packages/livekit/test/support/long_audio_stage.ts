import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { type OncueEventOf, type ResponseId, Timeline } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import { orInterrupted } from '../../src/agent/until_interrupted.ts';
import { FailOpen } from '../../src/fail_open.ts';
import type { ListenerDevice } from '../../src/listeners/listener_device.ts';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { OncueOutput } from '../../src/output/oncue_output.ts';
import './session_harness.ts';

export const RATE_HZ = 8000;
export const FRAME_MS = 500;
export const HOUR_MS = 3_600_000;
export const STEP_MS = 500;

/** A turn of the event loop settles promises much faster than the clock's default does, and these tests take hours of the clock. */
export const oneTurn = (): Promise<void> => new Promise(setImmediate);

let open: LongAudioStage[] = [];

/** Closes what a test opened. */
export async function closeStages(): Promise<void> {
  for (const stage of open) await stage.close();
  open = [];
}

/** An output and a listener on a manual clock, and a pipeline that makes audio as fast as it is taken. It keeps no event but the end. */
export class LongAudioStage {
  readonly timeline: Timeline;
  readonly output: OncueOutput;
  readonly clock: ManualClock;
  readonly id: ResponseId;
  end: OncueEventOf<'response_playback_finished'> | undefined;
  takenMs = 0;
  readonly #handle = voice.SpeechHandle.create();
  readonly #link: ListenerLink;
  readonly #listener: ListenerDevice;

  constructor(clock: ManualClock, listener: ListenerDevice) {
    this.clock = clock;
    this.#listener = listener;
    const timeline = new Timeline({ clock });
    this.timeline = timeline;
    timeline.on('response_playback_finished', (event) => {
      this.end = event;
    });
    const holds = new PlayoutHolds(timeline);
    this.#link = new ListenerLink({ listener, timeline, clock, holds });
    const turn = timeline.openTurn();
    turn.goLive();
    this.id = turn.begin().id;
    turn.addText('A long story.');
    const failOpen = new FailOpen();
    this.output = new OncueOutput({
      timeline,
      clock,
      listener,
      holds,
      unansweredSinceMs: () => undefined,
      holdMessages: (handOver) => this.#link.holdMessages(handOver),
      failOpen,
      responseOf: () => this.id,
      nobodyWaits: () => {},
      segmentBegins: () => false,
      heardCaption: ({ heardText }) => heardText,
      isInterrupted: () => this.#handle.interrupted,
      orInterrupted: (until) => orInterrupted(this.#handle, until, failOpen),
      cutBy: () => 'code',
      afterCut: () => {},
      cutByForce: () => [],
      isSpeechWaiting: () => false,
    });
    open.push(this);
  }

  /** Hands over audio, one frame when the one before it was taken. */
  async make(durationMs: number): Promise<void> {
    const samples = new Int16Array((FRAME_MS * RATE_HZ) / 1000).fill(100);
    while (this.takenMs < durationMs && !this.#handle.interrupted) {
      await this.output.captureFrame(new AudioFrame(samples, RATE_HZ, 1, samples.length));
      this.takenMs += FRAME_MS;
    }
    this.output.flush();
  }

  interrupt(): void {
    this.#handle.interrupt();
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

  async close(): Promise<void> {
    // LiveKit logs an error 5 s after the interruption of a speech that never ends, and that is then in another test.
    this.#handle._markDone();
    await this.timeline.close(0);
    this.#link.close();
    this.#listener.close();
  }
}
