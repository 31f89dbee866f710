import { log } from '@livekit/agents';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import type { AgentMs, Clock, ResponseId } from '@oncue/core';
import { type AgentMessage, parseListenerMessage } from '@oncue/core/wire';
import type { ListenerDevice, ListenerEvents } from '../listener_device.ts';
import type { RoomAudience } from './room_audience.ts';
import { RoomPackets } from './room_packets.ts';
import { RoomPath } from './room_path.ts';
import { RoomSender } from './room_sender.ts';
import type { RoomTrack } from './room_track.ts';

/** A participant that came back, or another: its reporter says `hello` by then, or it has none. */
const HELLO_WAIT_MS = 1500;

/** Between the `bye` of a page and its leaving the room. */
const BYE_BEFORE_MS = 3000;

/** What a room listener is made of. */
export interface RoomListenerPort {
  readonly room: Room;
  readonly track: RoomTrack;
  readonly audience: RoomAudience;
  readonly clock: Clock;
  readonly sampleRateHz: number;
  readonly quorum: 'any' | 'all';
  /** How long playout stands still when the last listener has left, ms [LW3]. */
  readonly awayAfterMs: number;
  /** Tells this session from others in the same room. */
  readonly epoch: string;
}

/**
 * The listeners in a LiveKit room: publishes the agent's track, says ahead what is coming and how it sounds, and takes
 * the reports of the pages.
 */
export class RoomListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = false;
  readonly clearReaches = 'queue';
  readonly quorum: 'any' | 'all';
  /** The fastest of many counts, and on a bad network few are fast. */
  readonly pingsPerSecond = 5;
  readonly #port: RoomListenerPort;
  readonly #sender: RoomSender;
  readonly #packets: RoomPackets;
  /** Identities of those that report, and the epoch in which they do. */
  readonly #reporting = new Map<string, string>();
  /** A page that goes says so, and leaves the room a moment later. */
  #saidBye: { readonly identity: string; readonly atMs: AgentMs } | undefined;
  readonly #path: RoomPath;
  #session: ListenerEvents | undefined;
  #audible: 'not_yet' | 'yes' | 'away' | 'returning' = 'not_yet';
  #paused = false;
  #closed = false;
  #cancelWait: (() => void) | undefined;

  constructor(port: RoomListenerPort) {
    this.#port = port;
    this.sampleRateHz = port.sampleRateHz;
    this.quorum = port.quorum;
    this.#sender = new RoomSender({
      clock: port.clock,
      source: port.track.source,
      sampleRateHz: port.sampleRateHz,
      mayLeave: () => this.#audible === 'yes' && !this.#paused,
      wantsPrints: () => this.#reporting.size > 0,
      sendFingerprint: (piece, delivery) =>
        this.#packets.send(piece, delivery, [...this.#reporting.keys()]),
      queueMoved: (fromMs, byMs) => this.#session?.queueMoved(fromMs, byMs),
      failed: (error) => this.#failed(error),
    });
    this.#path = new RoomPath(port.room, port.clock, (delayMs, errorBoundMs) =>
      this.#session?.path(delayMs, errorBoundMs),
    );
    this.#packets = new RoomPackets(port.room, port.epoch, {
      message: (raw, from) => this.#take(raw, from),
      connected: (participant) => this.#connected(participant),
      disconnected: (participant) => this.#disconnected(participant),
    });
  }

  open(session: ListenerEvents): void {
    this.#session = session;
    session.audible(false);
    void this.#port.track.subscribed.then(() => this.#heardFromNowOn());
    this.#welcome([]);
    this.#path.start();
  }

  send(message: AgentMessage, to?: string): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        this.#sender.announce(message.responseId, message.segmentId);
        this.#welcomeLateComers();
        this.#tell(message);
        break;
      case 'end':
        this.#sender.end(message.responseId);
        this.#tell(message);
        break;
      case 'clear':
        this.#paused = false;
        this.#tell({ type: 'clear', ...this.#sender.clear() });
        break;
      case 'pause':
        this.#paused = true;
        this.#tell({ type: 'pause', ...this.#sender.takeBack() });
        break;
      case 'resume':
        this.#paused = false;
        this.#tell(message);
        this.#sender.pump();
        break;
      case 'ping':
        if (to !== undefined) this.#packets.send(message, 'lossy', [to]);
        break;
      case 'welcome':
      case 'fingerprint':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): AgentMs | undefined {
    if (this.#closed || samples.length === 0) return undefined;
    return this.#sender.write(responseId, samples);
  }

  leftSamples(responseId: ResponseId): number | undefined {
    return this.#sender.leftSamples(responseId);
  }

  settled(responseId: ResponseId): void {
    this.#sender.settle(responseId);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelWait?.();
    this.#path.stop();
    this.#packets.close();
    this.#sender.close();
    this.#port.track.close().catch(() => {});
  }

  #take(raw: string, from: RemoteParticipant): void {
    if (this.#closed) return;
    const { identity } = from;
    if (!this.#port.audience.includes(from)) {
      // It may have counted until the session was linked to another.
      if (this.#reporting.delete(identity)) this.#session?.gone(identity);
      this.#session?.refused();
      return;
    }
    const parsed = parseListenerMessage(raw);
    const message = parsed.ok ? parsed.message : undefined;
    if (message?.type === 'bye' && message.epoch === this.#reporting.get(identity)) {
      this.#reporting.delete(identity);
      this.#saidBye = { identity, atMs: this.#port.clock.nowMs() };
    }
    if (message?.type === 'hello') this.#hello(identity, message.epoch);
    this.#session?.message(raw, identity);
  }

  /** A page reports from now on; it is told what it missed. */
  #hello(identity: string, epoch: string): void {
    this.#reporting.set(identity, epoch);
    this.#path.stop();
    for (const { responseId, segmentId, totalSamples } of this.#sender.responses) {
      const { sampleRateHz } = this;
      const segment = segmentId === undefined ? {} : { segmentId };
      this.#tell({ type: 'announce', responseId, sampleRateHz, ...segment });
      if (totalSamples !== undefined) this.#tell({ type: 'end', responseId, totalSamples });
    }
    this.#sender.tellAgain();
    // Only a page that hears says so.
    this.#heardFromNowOn();
  }

  #connected(participant: RemoteParticipant): void {
    if (this.#closed || !this.#port.audience.includes(participant)) return;
    this.#welcome([participant.identity]);
    if (this.#audible !== 'away') return;
    this.#audible = 'returning';
    this.#wait(HELLO_WAIT_MS);
  }

  #disconnected(participant: RemoteParticipant): void {
    const { identity } = participant;
    const { audience, clock } = this.#port;
    const bye = this.#saidBye?.identity === identity ? this.#saidBye : undefined;
    const saidByeNow = bye !== undefined && clock.nowMs() - bye.atMs < BYE_BEFORE_MS;
    const reported = this.#reporting.delete(identity) || saidByeNow;
    this.#session?.gone(identity);
    if (this.#closed || this.#audible === 'not_yet' || !audience.includes(participant)) return;
    if (audience.present.some((one) => one.identity !== identity)) return;
    if (this.#audible === 'yes') {
      this.#sender.takeBack();
      // Whoever comes gets what was not reported as heard; of one who reports nothing, what had not left.
      if (reported) this.#sender.rewind();
      this.#session?.audible(false);
    }
    this.#audible = 'away';
    this.#wait(this.#port.awayAfterMs);
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
    this.#sender.pump();
  }

  #welcome(to: readonly string[]): void {
    this.#packets.send({ type: 'welcome', sampleRateHz: this.sampleRateHz }, 'both', to);
  }

  /** One who said `hello` before the session was linked to him was refused, and says it again when asked. */
  #welcomeLateComers(): void {
    const silent = this.#port.audience.present.filter(
      ({ identity }) => !this.#reporting.has(identity),
    );
    if (silent.length > 0) this.#welcome(silent.map(({ identity }) => identity));
  }

  #tell(message: AgentMessage): void {
    const to = [...this.#reporting.keys()];
    if (to.length > 0) this.#packets.send(message, 'both', to);
  }

  /** Nothing that has not left was heard, whatever a page says. */
  heard(responseId: ResponseId, heardSamples: number): void {
    this.#sender.heard(responseId, heardSamples);
  }

  /** Whatever it is, what was captured is not heard now. It is tried again, and holds nobody up for longer [LW3]. */
  #failed(error: unknown): void {
    log().error({ error }, 'oncue: the room took no audio');
    this.#session?.audible(false);
    this.#audible = 'away';
    this.#wait(this.#port.awayAfterMs);
  }
}
