import { AudioFrame, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import {
  type AgentMs,
  addMs,
  type Clock,
  msToSamples,
  type ResponseId,
  samplesToMs,
} from '@oncue/core';
import { type AgentMessage, type Left, parseListenerMessage } from '@oncue/core/wire';
import { KeptAudio } from '../kept_audio.ts';
import type { ListenerDevice, ListenerSession } from '../listener_device.ts';
import { Fingerprints } from './fingerprints.ts';
import type { RoomAudience } from './room_audience.ts';
import { RoomPackets } from './room_packets.ts';
import { RoomPath } from './room_path.ts';
import type { RoomTrack } from './room_track.ts';
import { SourceQueue, TICK_MS } from './source_queue.ts';

/** As LiveKit's own output: survives an event loop that stands still for as long. */
export const QUEUE_MS = 200;

/** Of one capture. */
const FRAME_MS = 50;

/** The end of a response that is no whole block is filled up when so little is left, unless more has come by then. */
const FILL_UP_MS = 30;

/** A participant that came back, or another: its reporter says `hello` by then, or it has none. */
const HELLO_WAIT_MS = 1500;

/** What a room listener is made of. */
export interface RoomListenerPort {
  readonly room: Room;
  readonly track: RoomTrack;
  readonly audience: RoomAudience;
  readonly clock: Clock;
  readonly sampleRateHz: number;
  readonly together: 'any' | 'all';
  /** How long playout stands still when the last listener has left, ms [LW3]. */
  readonly awayMs: number;
  /** Tells this session from others in the same room. */
  readonly epoch: string;
}

/** Samples on their way through the queue, in order. Without a response: filling. */
interface Run {
  readonly responseId: ResponseId | undefined;
  samples: number;
}

/**
 * The listeners in a LiveKit room: publishes the agent's track, says ahead what is coming and how it sounds, and takes
 * the reports of the pages.
 */
export class RoomListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = false;
  readonly clearReaches = 'queue';
  readonly together: 'any' | 'all';
  /** The fastest of many counts, and on a bad network few are fast. */
  readonly pingsPerSecond = 5;
  readonly #port: RoomListenerPort;
  readonly #queue: SourceQueue;
  readonly #packets: RoomPackets;
  readonly #kept: KeptAudio;
  readonly #sounds = new Map<
    ResponseId,
    { prints: Fingerprints; leavesAtMs: AgentMs | undefined }
  >();
  /** Identities of those that report. */
  readonly #reporting = new Set<string>();
  readonly #path: RoomPath;
  #session: ListenerSession | undefined;
  #runs: Run[] = [];
  #audible: 'not_yet' | 'yes' | 'away' | 'returning' = 'not_yet';
  #paused = false;
  #pumping = false;
  #closed = false;
  #cancelFill: (() => void) | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(port: RoomListenerPort) {
    this.#port = port;
    this.sampleRateHz = port.sampleRateHz;
    this.together = port.together;
    this.#kept = new KeptAudio(port.sampleRateHz);
    this.#queue = new SourceQueue(port.track.source, port.clock, QUEUE_MS);
    this.#path = new RoomPath(port.room, port.clock, (delayMs, errorBoundMs) =>
      this.#session?.path(delayMs, errorBoundMs),
    );
    this.#packets = new RoomPackets(port.room, port.epoch, {
      message: (raw, from) => this.#take(raw, from),
      connected: (participant) => this.#connected(participant),
      disconnected: (participant) => this.#disconnected(participant),
    });
  }

  open(session: ListenerSession): void {
    this.#session = session;
    session.audible(false);
    void this.#port.track.subscribed.then(() => this.#heardFromNowOn());
    this.#welcome([]);
    this.#path.start();
  }

  leavesAtMs(): AgentMs {
    return this.#queue.leavesAtMs;
  }

  send(message: AgentMessage, to?: string): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        this.#kept.announce(message.responseId, message.segmentId);
        // It may be announced again, with what has become known of it.
        if (!this.#sounds.has(message.responseId))
          this.#sounds.set(message.responseId, {
            prints: new Fingerprints(message.responseId, this.sampleRateHz),
            leavesAtMs: undefined,
          });
        this.#tell(message);
        break;
      case 'end':
        this.#kept.end(message.responseId);
        this.#sounds.get(message.responseId)?.prints.end();
        this.#tell(message);
        this.#tellPrints(message.responseId);
        void this.#pump();
        break;
      case 'clear':
        this.#clear();
        break;
      case 'pause':
        this.#paused = true;
        this.#tell({ type: 'pause', ...this.#takeBack() });
        break;
      case 'resume':
        this.#paused = false;
        this.#tell(message);
        void this.#pump();
        break;
      case 'ping':
        if (to !== undefined) this.#packets.send(message, 'once', [to]);
        break;
      case 'welcome':
      case 'fingerprint':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): void {
    if (this.#closed || samples.length === 0) return;
    this.#kept.write(responseId, samples);
    this.#sounds.get(responseId)?.prints.write(samples);
    void this.#pump();
    this.#tellPrints(responseId);
  }

  settled(responseId: ResponseId): void {
    this.#kept.settle(responseId);
    this.#dropSettled();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelFill?.();
    this.#cancelWait?.();
    this.#path.stop();
    this.#packets.close();
    this.#kept.clear();
    this.#sounds.clear();
    // What is queued was ended by the session; the room itself is the application's.
    this.#queue.clear();
    this.#port.track.close().catch(() => {});
  }

  #take(raw: string, from: RemoteParticipant): void {
    if (this.#closed) return;
    if (!this.#port.audience.includes(from)) {
      this.#session?.refused();
      return;
    }
    const { identity } = from;
    const parsed = parseListenerMessage(raw);
    const message = parsed.ok ? parsed.message : undefined;
    if (message?.type === 'bye') this.#reporting.delete(identity);
    if (message?.type === 'hello') this.#hello(identity);
    this.#session?.message(raw, identity);
    if (message?.type === 'playhead' && this.#port.audience.present.length === 1)
      this.#kept.heard(message.responseId, message.heardSamples);
  }

  /** A page reports from now on; it is told what it missed. */
  #hello(identity: string): void {
    this.#reporting.add(identity);
    this.#path.stop();
    for (const { responseId, segmentId, sentSamples, totalSamples } of this.#kept.responses) {
      const { sampleRateHz } = this;
      const segment = segmentId === undefined ? {} : { segmentId };
      this.#tell({ type: 'announce', responseId, sampleRateHz, ...segment });
      if (totalSamples !== undefined) this.#tell({ type: 'end', responseId, totalSamples });
      this.#sounds.get(responseId)?.prints.restartAt(sentSamples);
    }
    if (this.#audible === 'returning') this.#heardFromNowOn();
  }

  #connected(participant: RemoteParticipant): void {
    if (this.#closed || !this.#port.audience.includes(participant)) return;
    this.#welcome([participant.identity]);
    if (this.#audible !== 'away') return;
    this.#audible = 'returning';
    this.#wait(HELLO_WAIT_MS);
  }

  #disconnected(participant: RemoteParticipant): void {
    const reported = this.#reporting.delete(participant.identity);
    this.#session?.gone(participant.identity);
    if (this.#closed || this.#audible === 'not_yet') return;
    const { audience } = this.#port;
    if (audience.present.some(({ identity }) => identity !== participant.identity)) return;
    if (this.#audible === 'yes') {
      this.#takeBack();
      // Whoever comes gets what was not reported as heard; of one who reports nothing, what had not left.
      if (reported) this.#kept.rewind();
      this.#session?.audible(false);
    }
    this.#audible = 'away';
    this.#wait(this.#port.awayMs);
  }

  /** For somebody to come or to speak; then it goes on all the same. */
  #wait(forMs: number): void {
    this.#cancelWait?.();
    this.#cancelWait = this.#port.clock.schedule(forMs, () => this.#heardFromNowOn());
  }

  #heardFromNowOn(): void {
    if (this.#closed || this.#audible === 'yes') return;
    this.#cancelWait?.();
    this.#audible = 'yes';
    this.#session?.audible(true);
    void this.#pump();
  }

  #welcome(to: readonly string[]): void {
    this.#packets.send({ type: 'welcome', sampleRateHz: this.sampleRateHz }, 'reliably', to);
  }

  #tell(message: AgentMessage): void {
    if (this.#reporting.size > 0) this.#packets.send(message, 'reliably', [...this.#reporting]);
  }

  #clear(): void {
    const left = this.#takeBack();
    this.#paused = false;
    this.#runs = [];
    this.#kept.clear();
    this.#sounds.clear();
    this.#cancelFill?.();
    this.#tell({ type: 'clear', ...left });
  }

  /** Takes back what has not left; it will be sent again, or never. */
  #takeBack(): { readonly left?: Left } {
    let samples = msToSamples(this.#queue.clear(), this.sampleRateHz);
    while (samples > 0) {
      const run = this.#runs.at(-1);
      if (!run) break;
      const back = Math.min(samples, run.samples);
      samples -= back;
      run.samples -= back;
      const kept = this.#kept.responses.find((one) => one.responseId === run.responseId);
      if (kept) {
        kept.sentSamples -= back;
        this.#sounds.get(kept.responseId)?.prints.restartAt(kept.sentSamples);
      }
      if (run.samples === 0) this.#runs.pop();
    }
    const last = this.#runs.findLast((run) => run.responseId !== undefined);
    const response = this.#kept.responses.find((one) => one.responseId === last?.responseId);
    if (!response) return {};
    return { left: { responseId: response.responseId, samples: response.sentSamples } };
  }

  /** Keeps the queue full for as long as there is something to send and somebody to hear it. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
        await this.#queue.push(frame);
      }
    } catch (error) {
      // The source is closed with the session; whatever else it may be, nothing can be heard any more.
      if (!this.#closed) this.#session?.audible(false);
      void error;
    } finally {
      this.#pumping = false;
    }
  }

  /** The next samples in whole blocks. `undefined`: there are none now. */
  #nextFrame(): AudioFrame | undefined {
    if (this.#closed || this.#paused || this.#audible !== 'yes') return undefined;
    const block = msToSamples(TICK_MS, this.sampleRateHz);
    const samples = new Int16Array(msToSamples(FRAME_MS, this.sampleRateHz));
    const ready = this.#readySamples;
    const whole = Math.min(samples.length, Math.floor(ready / block) * block);
    if (whole === 0) return this.#fillUp(ready, block);
    this.#fill(samples.subarray(0, whole));
    return this.#frameOf(samples.subarray(0, whole));
  }

  get #readySamples(): number {
    return this.#kept.responses.reduce((sum, one) => sum + one.writtenSamples - one.sentSamples, 0);
  }

  /** Less than a block is left, and it would not leave at all until something came behind it. */
  #fillUp(ready: number, block: number): AudioFrame | undefined {
    this.#cancelFill?.();
    const isLast = this.#kept.responses.every((one) => one.totalSamples !== undefined);
    if (ready === 0 || !isLast) return undefined;
    const waitMs = this.#queue.queuedMs - FILL_UP_MS;
    if (waitMs > 0) {
      this.#cancelFill = this.#port.clock.schedule(waitMs, () => void this.#pump());
      return undefined;
    }
    const samples = new Int16Array(block);
    this.#fill(samples.subarray(0, ready));
    this.#runs.push({ responseId: undefined, samples: block - ready });
    return this.#frameOf(samples);
  }

  /** Takes samples of one response after the other. */
  #fill(samples: Int16Array): void {
    const firstLeavesAtMs = this.#queue.leavesAtMs;
    let filled = 0;
    for (const response of this.#kept.responses) {
      const sound = this.#sounds.get(response.responseId);
      let isFirst = true;
      while (filled < samples.length && response.sentSamples < response.writtenSamples) {
        const next = this.#kept.next(response, samples.length - filled);
        const leavesAtMs = addMs(
          firstLeavesAtMs,
          samplesToMs(filled - response.sentSamples, this.sampleRateHz),
        );
        if (sound && isFirst) sound.leavesAtMs = leavesAtMs;
        isFirst = false;
        samples.set(next, filled);
        filled += next.length;
        response.sentSamples += next.length;
        this.#runs.push({ responseId: response.responseId, samples: next.length });
      }
      if (!isFirst) this.#tellPrints(response.responseId);
    }
    this.#forgetRuns();
    this.#dropSettled();
  }

  #frameOf(samples: Int16Array): AudioFrame {
    return new AudioFrame(samples, this.sampleRateHz, 1, samples.length);
  }

  /** Those that cannot be taken back any more. */
  #forgetRuns(): void {
    const most = msToSamples(QUEUE_MS * 2 + FRAME_MS, this.sampleRateHz);
    let samples = this.#runs.reduce((sum, run) => sum + run.samples, 0);
    while (samples - (this.#runs[0]?.samples ?? samples) > most)
      samples -= this.#runs.shift()?.samples ?? 0;
  }

  #tellPrints(responseId: ResponseId): void {
    const sound = this.#sounds.get(responseId);
    const response = this.#kept.responses.find((one) => one.responseId === responseId);
    if (!sound || sound.leavesAtMs === undefined || !response) return;
    if (this.#reporting.size === 0) return;
    const isStart = !sound.prints.hasStart;
    for (const piece of sound.prints.take(response.sentSamples, sound.leavesAtMs)) {
      // Between start and end one that is lost is made up for by the next.
      const care = isStart || sound.prints.hasTail ? 'reliably' : 'once';
      this.#packets.send(piece, care, [...this.#reporting]);
    }
  }

  /** The session does not wait for them, and all of them is on its way. */
  #dropSettled(): void {
    for (const one of [...this.#kept.responses]) {
      if (!one.settled || one.sentSamples < one.writtenSamples) continue;
      this.#kept.drop(one.responseId);
      this.#sounds.delete(one.responseId);
    }
  }
}
