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
const COMPANION = 'companion';

/** Oncue in a LiveKit room, whose participant has a page with a reporter or none. */
export class InRoom implements Listening {
  readonly output: voice.AudioOutput;
  readonly #port: ListeningPort;
  readonly #room: FakeRoom;
  readonly #reports: boolean;
  /** Samples of each response, by the reports that came through. */
  readonly #heard = new Map<string, number>();
  readonly #pages = new Map<string, ReporterPage>();
  #isUserMuted = false;

  constructor(port: ListeningPort, reports: boolean) {
    this.#port = port;
    this.#reports = reports;
    const { clock } = port;
    this.#room = new FakeRoom(clock, NETWORK_MS);
    this.#room.receive = (identity, text) => this.#pages.get(identity)?.receive(text);
    this.#room.on('dataReceived', (bytes: Uint8Array) => this.#reported(bytes));
    playFrom(new FakeSource({ clock, queueMs: QUEUE_MS, leaves: (block) => this.#left(block) }));
    this.output = attachedOutput(port, {
      room: this.#room.asRoom,
      sampleRateHz: SAMPLE_RATE_HZ,
      clock,
      ...(port.plan.companion ? { audience: port.plan.companion.audience } : {}),
    });
  }

  comes(): void {
    this.#join(USER);
    if (this.#port.plan.companion && !this.#pages.has(COMPANION)) this.#join(COMPANION);
  }

  leaves(): void {
    this.#leave(USER);
  }

  companionLeaves(): void {
    this.#leave(COMPANION);
  }

  setMuted(isMuted: boolean): undefined {
    this.#isUserMuted = isMuted;
    this.#pages.get(USER)?.setMuted(isMuted);
  }

  setCompanionMuted(isMuted: boolean): void {
    this.#pages.get(COMPANION)?.setMuted(isMuted);
  }

  networkGoes(): void {
    this.#room.isDown = true;
  }

  networkReturns(): void {
    this.#room.isDown = false;
  }

  visitsAnew(): void {
    const before = this.#pages.get(USER);
    if (!before) return;
    this.#pages.set(USER, before.visitAnew());
  }

  closesReporter(): void {
    this.#pages.get(USER)?.close();
  }

  /** What a page has reported as heard, the agent does not send to the next one. */
  #reported(bytes: Uint8Array): void {
    const parsed = parseListenerMessage(new TextDecoder().decode(bytes));
    if (parsed.ok && parsed.message.type === 'playhead')
      this.#heard.set(parsed.message.responseId, parsed.message.heardSamples);
  }

  #join(identity: string): void {
    this.#room.join(identity);
    if (!this.#reports) return;
    const carry = (text: string) => this.#room.say(identity, text);
    const { clock } = this.#port;
    const page = new ReporterPage({ clock, carry, heardBefore: new Map(this.#heard) });
    this.#pages.set(identity, page);
  }

  #leave(identity: string): void {
    this.#pages.get(identity)?.vanish();
    this.#pages.delete(identity);
    this.#room.leave(identity);
  }

  /** The ear that is judged is the one that counts: the user's, or where any counts and he has muted the agent, the other's. */
  #left(block: Int16Array): void {
    const { clock, ear, plan } = this.#port;
    const { pathMs = USUAL_PATH_MS, companion } = plan;
    const isOther = companion?.audience === 'any' && this.#isUserMuted;
    ear.hear(block, clock.nowMs() + (isOther ? companion.pathMs : pathMs));
    this.#sounds(USER, block, pathMs);
    if (companion) this.#sounds(COMPANION, block, companion.pathMs);
  }

  #sounds(identity: string, block: Int16Array, pathMs: number): void {
    const { clock } = this.#port;
    const soundsAtMs = clock.nowMs() + pathMs;
    // What is on its way when a page is loaded anew, the new one has nothing to compare with.
    const page = this.#pages.get(identity);
    clock.schedule(pathMs, () => page?.latest.sounds(block, soundsAtMs, this.#room.isDown));
  }
}

/** Oncue makes the source of its track itself; its audio goes to the fake. */
function playFrom(source: FakeSource): void {
  vi.spyOn(AudioSource.prototype, 'captureFrame').mockImplementation((frame) =>
    source.captureFrame(frame),
  );
  vi.spyOn(AudioSource.prototype, 'clearQueue').mockImplementation(() => source.clearQueue());
}
