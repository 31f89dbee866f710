import type { voice } from '@livekit/agents';
import { AudioSource } from '@livekit/rtc-node';
import { parseListenerMessage } from '@oncue/core/wire';
import { vi } from 'vitest';
import { FakeRoom } from '../fakes/fake_room.ts';
import { FakeSource } from '../fakes/fake_source.ts';
import { ReporterPage } from '../fakes/reporter_page.ts';
import { SAMPLE_RATE_HZ } from '../fakes/words_tts.ts';
import { attachedOutput } from './attached_output.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listening.ts';

const NETWORK_MS = 30;
const QUEUE_MS = 200;
const USER = 'user';

/** Oncue in a LiveKit room, whose participant has a page with a reporter or none. */
export class InRoom implements Listening {
  readonly output: voice.AudioOutput;
  readonly #port: ListeningPort;
  readonly #room: FakeRoom;
  readonly #reports: boolean;
  /** Samples of each response, by the reports that came through. */
  readonly #heard = new Map<string, number>();
  #page: ReporterPage | undefined;

  constructor(port: ListeningPort, reports: boolean) {
    this.#port = port;
    this.#reports = reports;
    const { clock } = port;
    this.#room = new FakeRoom(clock, NETWORK_MS);
    this.#room.receive = (text) => this.#page?.receive(text);
    this.#room.on('dataReceived', (bytes: Uint8Array) => this.#reported(bytes));
    playFrom(new FakeSource({ clock, queueMs: QUEUE_MS, leaves: (block) => this.#left(block) }));
    this.output = attachedOutput(port, {
      room: this.#room.asRoom,
      sampleRateHz: SAMPLE_RATE_HZ,
      clock,
    });
  }

  comes(): void {
    this.#room.join(USER);
    if (!this.#reports) return;
    const carry = (text: string) => this.#room.say(USER, text);
    const { clock } = this.#port;
    this.#page = new ReporterPage({ clock, carry, heardBefore: new Map(this.#heard) });
  }

  leaves(): void {
    this.#page?.vanish();
    this.#page = undefined;
    this.#room.leave(USER);
  }

  setMuted(isMuted: boolean): undefined {
    this.#page?.setMuted(isMuted);
  }

  networkGoes(): void {
    this.#room.isDown = true;
  }

  networkReturns(): void {
    this.#room.isDown = false;
  }

  /** What a page has reported as heard, the agent does not send to the next one. */
  #reported(bytes: Uint8Array): void {
    const parsed = parseListenerMessage(new TextDecoder().decode(bytes));
    if (parsed.ok && parsed.message.type === 'playhead')
      this.#heard.set(parsed.message.responseId, parsed.message.heardSamples);
  }

  #left(block: Int16Array): void {
    const { clock, ear, plan } = this.#port;
    const { pathMs = USUAL_PATH_MS } = plan;
    const soundsAtMs = clock.nowMs() + pathMs;
    ear.hear(block, soundsAtMs);
    const isLost = this.#room.isDown;
    clock.schedule(pathMs, () => this.#page?.sounds(block, soundsAtMs, isLost));
  }
}

/** Oncue makes the source of its track itself; its audio goes to the fake. */
function playFrom(source: FakeSource): void {
  vi.spyOn(AudioSource.prototype, 'captureFrame').mockImplementation((frame) =>
    source.captureFrame(frame),
  );
  vi.spyOn(AudioSource.prototype, 'clearQueue').mockImplementation(() => source.clearQueue());
}
