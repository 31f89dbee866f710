import { log } from '@livekit/agents';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import { type AgentMs, addMs, type Clock, type ResponseId } from '@oncue/core';
import { type AgentMessage, type Fingerprint, parseListenerMessage } from '@oncue/core/wire';
import { warn } from '../../warn.ts';
import { CaptionFeed } from '../captions/caption_feed.ts';
import type { ShareWithPage } from '../captions/share_options.ts';
import type {
  AudiencePresence,
  ListenerDevice,
  ListenerEvents,
  PathEvents,
  WhenNobodyListens,
} from '../listener_device.ts';
import type { RoomAudience } from './room_audience.ts';
import { type Delivery, type PacketEvents, RoomPackets } from './room_packets.ts';
import { type PathEstimate, RoomPath } from './room_path.ts';
import { RoomPresence } from './room_presence.ts';
import { RoomReporters } from './room_reporters.ts';
import { RoomSender, type SenderHost } from './room_sender.ts';
import type { RoomTrack } from './room_track.ts';

/** What a room listener works with. */
export interface RoomListenerPort {
  readonly room: Room;
  readonly track: RoomTrack;
  readonly audience: RoomAudience;
  readonly clock: Clock;
  readonly sampleRateHz: number;
  readonly quorum: 'any' | 'all';
  /** How long playout stands still after the last listener left, ms [LW3]. */
  readonly awayAfterMs: number;
  readonly whenNobodyListens: WhenNobodyListens;
  /** Distinguishes this session from others in the same room. */
  readonly epoch: string;
  /** The delay from the server to the ear, if the application says it. */
  readonly usualPath?: PathEstimate | undefined;
  /** What pages are sent for their captions. Left out: nothing. */
  readonly share?: Required<ShareWithPage> | undefined;
}

/**
 * The listeners in a LiveKit room. It publishes the agent's track, sends announcements and fingerprints to each page that
 * reports, and takes their reports.
 */
export class RoomListener implements ListenerDevice, SenderHost, PacketEvents, PathEvents {
  readonly sampleRateHz: number;
  readonly sameClock = false;
  readonly clearReaches = 'queue';
  readonly quorum: 'any' | 'all';
  readonly whenNobodyListens: WhenNobodyListens;
  /** The clock map rests on the fastest of many round trips, and on a bad network few are fast. */
  readonly pingsPerSecond = 5;
  /** Sends the pages what they need for captions, if the application allows it [CP1]. */
  readonly captions: CaptionFeed | undefined;
  readonly #port: RoomListenerPort;
  readonly #sender: RoomSender;
  readonly #packets: RoomPackets;
  readonly #path: RoomPath;
  readonly #presence: RoomPresence;
  readonly #reporters = new RoomReporters();
  #events: ListenerEvents | undefined;
  /** Of the audience, those that do not report. */
  #others = 0;
  #paused = false;
  #closed = false;

  constructor(port: RoomListenerPort) {
    const { room, track, audience, clock, sampleRateHz, quorum, epoch } = port;
    const { awayAfterMs, whenNobodyListens } = port;
    this.#port = port;
    this.sampleRateHz = sampleRateHz;
    this.quorum = quorum;
    this.whenNobodyListens = whenNobodyListens;
    this.#sender = new RoomSender({ clock, source: track.source, sampleRateHz, host: this });
    this.#path = new RoomPath({ room, clock, events: this, usual: port.usualPath });
    this.#packets = new RoomPackets(room, clock, epoch, this);
    this.captions = port.share && this.#makeCaptions(port.share);
    this.#presence = new RoomPresence({
      clock,
      awayAfterMs,
      whenNobodyListens,
      isAnyoneThere: () => audience.present.length > 0,
      changed: (presence) => this.#presenceChanged(presence),
    });
  }

  open(events: ListenerEvents): void {
    this.#events = events;
    events.audience('awaited');
    void this.#port.track.subscribed.then(() => this.#subscribed());
    this.#welcome([]);
    this.#path.start();
  }

  send(message: AgentMessage, to?: string): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        this.#sender.announce(message.responseId, message.segmentId);
        if (message.segmentId !== undefined)
          this.captions?.segment(message.responseId, message.segmentId);
        this.#welcomeThoseWhoDoNotReport();
        // Its fingerprints stand in for it, and come on both channels.
        this.#sendToReporters(message, 'reliable');
        break;
      case 'end':
        this.#sender.end(message.responseId);
        this.#sendToReporters(message);
        break;
      case 'clear':
        this.#paused = false;
        this.#clear();
        break;
      case 'pause':
        this.#paused = true;
        this.#sendToReporters({ type: 'pause', ...this.#sender.takeBack() });
        break;
      case 'resume':
        // LiveKit resumes its output before each segment, whether it was paused or not.
        if (!this.#paused) break;
        this.#paused = false;
        this.#sendToReporters(message);
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

  heard(responseId: ResponseId, heardSamples: number): void {
    this.#sender.heard(responseId, heardSamples);
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
    this.captions?.close();
    this.#presence.close();
    this.#path.close();
    this.#packets.close();
    this.#sender.close();
    this.#port.track.close().catch(() => {});
  }

  // What the sender asks and reports (SenderHost).

  get mayLeave(): boolean {
    const { state } = this.#presence;
    return (state === 'audible' || state === 'unattended') && !this.#paused;
  }

  get wantsFingerprints(): boolean {
    return !this.#reporters.isEmpty;
  }

  fingerprint(fingerprint: Fingerprint, delivery: Delivery): void {
    this.#packets.send(fingerprint, delivery, this.#reporters.identities);
  }

  queueMoved(fromMs: AgentMs, byMs: number): void {
    this.#events?.queueMoved(fromMs, byMs);
  }

  /** Captured audio is not heard now, whatever the reason. Playout tries again after `awayAfterMs` [LW3]. */
  sourceFailed(error: unknown): void {
    log().error({ error }, 'oncue: the room took no audio');
    this.#presence.take('source_failed');
  }

  // What the path reports (PathEvents).

  pathEstimated(delayMs: number, errorBoundMs: number): void {
    this.#events?.pathEstimated(delayMs, errorBoundMs);
  }

  // What arrives from the room (PacketEvents).

  message(raw: string, from: RemoteParticipant): void {
    if (this.#closed) return;
    const { identity } = from;
    if (!this.#port.audience.includes(from)) {
      // It may have belonged to the audience until the session was linked to another participant.
      if (this.#reporters.remove(identity)) this.#events?.gone(identity);
      this.#countOthers();
      this.#events?.refused();
      return;
    }
    const nowMs = this.#port.clock.nowMs();
    if (!this.#reporters.mayAct(identity, nowMs)) {
      this.#events?.refused('too_many');
      return;
    }
    const parsed = parseListenerMessage(raw);
    const message = parsed.ok ? parsed.message : undefined;
    if (message?.type === 'bye') {
      this.#reporters.bye(identity, message.epoch, nowMs);
      this.#countOthers();
    }
    // What a page gets for a `hello` costs much more than the `hello` [LW12].
    if (message?.type === 'hello' && this.#reporters.mayJoin(identity, message.epoch, nowMs))
      this.#hello(identity, message.epoch);
    this.#events?.message(raw, identity);
    if (message?.type === 'hello') this.#countOthers();
  }

  refused(reason: 'too_many' | 'wrong_listener', count: number): void {
    if (!this.#closed) this.#events?.refused(reason, count);
  }

  connected(participant: RemoteParticipant): void {
    if (this.#closed || !this.#port.audience.includes(participant)) return;
    this.#welcome([participant.identity]);
    this.#presence.take('joined');
    this.#countOthers();
  }

  disconnected(participant: RemoteParticipant): void {
    const { identity } = participant;
    const { audience, clock } = this.#port;
    const reported = this.#reporters.left(identity, clock.nowMs());
    this.#events?.gone(identity);
    this.#countOthers(identity);
    if (this.#closed || !audience.includes(participant)) return;
    if (audience.present.some((one) => one.identity !== identity)) return;
    if (this.#presence.state === 'audible') {
      this.#sender.takeBack();
      // The next listener gets what was not reported as heard. If this one did not report, what left counts as heard.
      if (reported) this.#rewind();
    }
    this.#presence.take('last_left');
  }

  /** What is sent again leaves after all that has left by now, and the timeline expects it then [RM10]. */
  #rewind(): void {
    const againMs = this.#sender.rewind();
    if (againMs > 0) this.#events?.queueMoved(addMs(this.#port.clock.nowMs(), -againMs), againMs);
  }

  #clear(): void {
    const { responses } = this.#sender;
    // LiveKit clears twice when a session closes. The second time nothing is known of what had left.
    if (responses.length === 0) return;
    const unsettled = responses
      .filter(({ settled, writtenSamples }) => !settled && writtenSamples > 0)
      .map(({ responseId }) => responseId);
    this.#sendToReporters({ type: 'clear', ...this.#sender.clear() });
    for (const responseId of unsettled)
      if (this.#sender.leftSamples(responseId) === 0) this.#events?.neverLeft(responseId);
  }

  #subscribed(): void {
    if (this.#closed) return;
    this.#path.listenerIsNew();
    this.#presence.take('subscribed');
  }

  /** A page reports from now on. It gets what it has missed. */
  #hello(identity: string, epoch: string): void {
    this.#reporters.hello(identity, epoch);
    this.#path.stop();
    for (const { responseId, segmentId, totalSamples } of this.#sender.responses) {
      const { sampleRateHz } = this;
      const segment = segmentId === undefined ? {} : { segmentId };
      this.#sendToReporters({ type: 'announce', responseId, sampleRateHz, ...segment }, 'reliable');
      if (totalSamples !== undefined)
        this.#sendToReporters({ type: 'end', responseId, totalSamples });
    }
    this.#packets.flush();
    this.#sender.resendFingerprints();
    this.captions?.joined(identity, this.#reporters.identities.length === 1);
    // A page says `hello` only when it can hear the track.
    this.#presence.take('hello');
  }

  /** @param gone - who leaves, and may still be listed. */
  #countOthers(gone?: string): void {
    const others = this.#port.audience.present.filter(
      ({ identity }) => identity !== gone && !this.#reporters.has(identity),
    );
    if (others.length === this.#others) return;
    this.#others = others.length;
    if (!this.#closed) this.#events?.others(this.#others);
  }

  #makeCaptions(share: Required<ShareWithPage>): CaptionFeed {
    const { clock, sampleRateHz } = this.#port;
    return new CaptionFeed({
      share,
      sampleRateHz,
      clock,
      hasReaders: () => !this.#reporters.isEmpty,
      send: (message, to) =>
        this.#packets.sendCaption(message, to === undefined ? this.#reporters.identities : [to]),
      refused: (message) => warn('ONCUE_NOT_SHARED', message),
    });
  }

  #presenceChanged(presence: AudiencePresence): void {
    this.#events?.audience(presence);
    if (presence !== 'awaited') this.#sender.pump();
  }

  #welcome(to: readonly string[]): void {
    this.#packets.send({ type: 'welcome', sampleRateHz: this.sampleRateHz }, 'both', to);
  }

  /** A page that said `hello` before the session was linked to it was refused. It says it again when it is welcomed. */
  #welcomeThoseWhoDoNotReport(): void {
    const silent = this.#port.audience.present
      .map(({ identity }) => identity)
      .filter((identity) => !this.#reporters.has(identity));
    if (silent.length > 0) this.#welcome(silent);
  }

  #sendToReporters(message: AgentMessage, delivery: Delivery = 'both'): void {
    if (!this.#reporters.isEmpty) this.#packets.send(message, delivery, this.#reporters.identities);
  }
}
