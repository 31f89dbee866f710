import { decodeSound, type Playhead } from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';
import { AgentLink, type RoomMessage } from './agent_link.ts';
import type { FrameClock } from './frame_clock.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';
import type { HeardPosition } from './heard_position.ts';
import { type NumberedFingerprint, ReporterLedger, type SearchRequest } from './reporter_ledger.ts';
import type { Match } from './response/piece.ts';
import type { PlayedPacket } from './response/rendered.ts';
import { type SearchWindow, SearchWindows } from './search_windows.ts';
import { AGENT_GONE_MS, PACKETS_KEPT, STEADY_MS, WAITING_KEPT } from './tuning.ts';
import * as MAIL from './worklet/mail_layout.ts';
import type { ReporterCommand } from './worklet/reporter_commands.ts';

/** How a tracker reaches its surroundings. */
export interface TrackerPorts {
  readonly now: () => PageMs;
  /** Sends a message to the agent. */
  readonly send: (text: string, isReliable: boolean) => void;
  readonly toWorklet: (command: ReporterCommand) => void;
  /** A report was sent. */
  readonly reported: (report: Playhead) => void;
  /** A response begins to sound. Its first report may follow later. */
  readonly begun: (position: HeardPosition) => void;
}

interface Search extends SearchRequest {
  readonly window: SearchWindow;
  /** The piece was found already, and is compared at another place. */
  readonly isRecheck: boolean;
}

/** As `mail_layout.ts` says. */
type Finding = readonly [
  searchId: number,
  frame: number,
  correlation: number,
  found: number,
  spreadFrames: number,
];

/**
 * Tracks what is heard of one agent: takes the agent's messages and the worklet's findings, and sends the reports. It knows
 * neither the room nor the browser. Every mail of the worklet moves it on, so it needs no timer.
 */
export class AgentTracker {
  readonly #ports: TrackerPorts;
  readonly #clock: FrameClock;
  readonly #link: AgentLink;
  readonly #windows: SearchWindows;
  readonly #ledger: ReporterLedger;
  readonly #searches = new Map<number, Search>();
  #waiting: NumberedFingerprint[] = [];
  #playedBy: 'graph' | 'element' | undefined;
  #isMuted: boolean | undefined;
  #frames: number | undefined;
  #packets: readonly PlayedPacket[] = [];
  #findingCount = 0;
  #nextSearchId = 1;
  #heardOfAgentAtMs = 0;
  /** The response that began to sound last. */
  #begunId: string | undefined;
  /** Sequence number of the latest pause, resume or clear. */
  #newestOrderSeq = 0;
  foundCount = 0;
  missedCount = 0;

  constructor(clock: FrameClock, ports: TrackerPorts) {
    this.#clock = clock;
    this.#ports = ports;
    this.#link = new AgentLink(ports.send, () => this.#forget());
    this.#windows = new SearchWindows(clock);
    this.#ledger = new ReporterLedger(clock);
  }

  /** Takes a packet of the participant. @returns Whether it is a message of Oncue. */
  take(packet: string): boolean {
    const receivedAtMs = this.#ports.now();
    let isOurs = false;
    for (const text of packet.split('\n')) {
      const message = this.#link.take(text);
      if (!message) continue;
      isOurs = true;
      this.#heardOfAgentAtMs = receivedAtMs;
      this.#takeMessage(message, receivedAtMs);
    }
    if (isOurs) this.#report();
    return isOurs;
  }

  /**
   * @param playedBy What plays the agent's audio; `undefined` while this page cannot hear and report it.
   * @param isMuted The application has muted the track, or plays it nowhere. This is reported to the agent.
   */
  setPlayedBy(playedBy: 'graph' | 'element' | undefined, isMuted?: boolean): void {
    const before = this.#playedBy;
    const wasMuted = this.#isMuted;
    this.#playedBy = playedBy;
    this.#isMuted = isMuted;
    if (playedBy === before) {
      if (isMuted !== wasMuted) this.#sayAudibility();
    } else if (playedBy) {
      this.greet();
    } else {
      this.#link.bye();
      this.#forget();
    }
  }

  #sayAudibility(): void {
    const audibility = this.#isMuted ? 'muted' : 'listening';
    this.#link.say({ type: 'audibility', audibility, sinceMs: this.#ports.now() }, true);
  }

  /** Says `hello` again, since the agent may not know of this page: the connection was made again. */
  greet(): void {
    if (!this.#playedBy) return;
    this.#link.hello(this.#playedBy);
    if (this.#isMuted) this.#sayAudibility();
  }

  /** The worklet is another one from now on, or has stalled. Earlier matches do not predict the next one. */
  restarted(): void {
    // Nobody will find them any more.
    for (const { track, piece, isRecheck } of this.#searches.values())
      if (!isRecheck) track.missed(piece);
    this.#searches.clear();
    this.#windows.forget();
    this.#findingCount = 0;
    this.#packets = [];
    this.#frames = undefined;
  }

  /**
   * Takes a mail of the worklet.
   *
   * @param rtp RTP timestamp of the packet of the track that the browser played last, if it says so.
   */
  takeMail(mail: Float64Array, rtp?: number): void {
    const at = (place: number): number => mail[place] as number;
    this.#frames = at(MAIL.frames);
    this.#clock.frameOffset = at(MAIL.frameOffset);
    // The mail may have waited for the page, but the timestamp is of now. So is the frame that sounds.
    const frame = this.#clock.toFrame(this.#ports.now());
    if (rtp !== undefined && frame !== undefined)
      this.#packets = [...this.#packets, { frame, rtp }].slice(-PACKETS_KEPT);
    this.#ledger.rendered({
      frames: this.#frames,
      onsetFrame: at(MAIL.onsetFrame),
      loudUntilFrame: at(MAIL.loudUntilFrame),
      packets: this.#packets,
    });
    this.#takeFindings(mail);
    for (const fingerprint of this.#waiting.splice(0)) this.#search(fingerprint);
    this.#report();
  }

  /** How far the response that sounds now has come. */
  playhead(): HeardPosition | undefined {
    return this.#ledger.playhead(this.#ports.now());
  }

  #takeMessage(message: RoomMessage, receivedAtMs: PageMs): void {
    const { seq } = message;
    switch (message.type) {
      case 'welcome':
        this.greet();
        break;
      case 'ping': {
        const { pingId } = message;
        this.#link.say({ type: 'pong', pingId, receivedAtMs, sentAtMs: this.#ports.now() }, false);
        break;
      }
      case 'announce':
        this.#ledger.announce(message.responseId, message.sampleRateHz, seq, receivedAtMs);
        break;
      case 'fingerprint':
        this.#search(message);
        break;
      case 'end':
        this.#ledger.end(message.responseId, message.totalSamples);
        break;
      case 'clear':
        this.#isOutdated(seq);
        this.#ledger.clear(seq, message.left, receivedAtMs);
        this.#dropUnwanted();
        break;
      case 'pause':
        if (this.#isOutdated(seq)) break;
        this.#ledger.pause(message.left);
        this.#dropUnwanted();
        break;
      case 'resume':
        if (!this.#isOutdated(seq)) this.#ledger.resume();
        break;
    }
  }

  /** Of pause, resume and clear the newest one applies, in whatever order they arrive. */
  #isOutdated(seq: number): boolean {
    if (seq < this.#newestOrderSeq) return true;
    this.#newestOrderSeq = seq;
    return false;
  }

  #search(fingerprint: NumberedFingerprint): void {
    if (this.#frames === undefined) {
      this.#waiting = [...this.#waiting, fingerprint].slice(-WAITING_KEPT);
      return;
    }
    const sound = decodeSound(fingerprint.sound);
    if (!sound || sound.length === 0) return;
    const request = this.#ledger.fingerprint(fingerprint, sound, this.#ports.now());
    if (!request) return;
    const expected = this.#windows.expectedFrame(fingerprint.leavesAtMs);
    const { track, piece } = request;
    if (track.isFirst(piece) && expected !== undefined) track.expect(expected);
    const isInner = track.start?.evidence === 'device';
    const window = this.#windows.windowOf(fingerprint.leavesAtMs, isInner, this.#frames);
    this.#begin({ ...request, window, isRecheck: false });
  }

  #begin(search: Search): void {
    const searchId = this.#nextSearchId;
    this.#nextSearchId += 1;
    this.#searches.set(searchId, search);
    const { track, piece, isRecheck } = search;
    const { sound, leavesAtMs } = piece;
    // A start is the first of the places that are alike: before it there is no such sound.
    const isStart = track.isFirst(piece) && !isRecheck;
    const expected = this.#windows.expectedFrame(leavesAtMs) ?? search.window.fromFrame;
    const expectedFrame = isStart ? undefined : expected;
    this.#ports.toWorklet({ type: 'search', searchId, sound, expectedFrame, ...search.window });
  }

  #takeFindings(mail: Float64Array): void {
    const count = mail[MAIL.findingCount] as number;
    for (
      let index = Math.max(this.#findingCount, count - MAIL.findingsKept);
      index < count;
      index += 1
    ) {
      const place = MAIL.findings + (index % MAIL.findingsKept) * MAIL.findingFields;
      const [searchId, frame, correlation, found, spreadFrames] = mail.subarray(
        place,
      ) as unknown as Finding;
      const search = this.#searches.get(searchId);
      this.#searches.delete(searchId);
      const isCertain = found === MAIL.certain;
      const spreadMs = spreadFrames / FRAMES_PER_MS;
      const match = found ? { frame, correlation, isCertain, spreadMs } : undefined;
      if (search) this.#takeFinding(search, match);
    }
    this.#findingCount = count;
  }

  #takeFinding(search: Search, match: Match | undefined): void {
    const { leavesAtMs } = search.piece;
    if (search.isRecheck) {
      search.track.rechecked(search.piece, match);
    } else if (!match || match.spreadMs > STEADY_MS) {
      this.#ledger.missed(search, search.window, this.#windows.expectedFrame(leavesAtMs));
      if (match) return;
      this.#windows.missed();
      this.missedCount += 1;
    } else {
      this.foundCount += 1;
      this.#windows.found(match.frame, leavesAtMs);
      const recheck = search.track.found(search.piece, match);
      if (recheck) this.#begin({ ...search, ...recheck, isRecheck: true });
    }
  }

  #dropUnwanted(): void {
    for (const [searchId, search] of this.#searches) {
      if (this.#ledger.isWanted(search)) continue;
      this.#searches.delete(searchId);
      this.#ports.toWorklet({ type: 'cancel', searchId });
    }
  }

  #report(): void {
    const position = this.playhead();
    if (position && position.responseId !== this.#begunId) {
      this.#begunId = position.responseId;
      this.#ports.begun(position);
    }
    const nowMs = this.#ports.now();
    for (const { report, isReliable } of this.#ledger.takeDue(nowMs)) {
      if (!this.#playedBy) continue;
      // In an outage they would only pile up in the data connection.
      if (isReliable || nowMs - this.#heardOfAgentAtMs < AGENT_GONE_MS)
        this.#link.say(report, isReliable);
      this.#ports.reported(report);
    }
  }

  #forget(): void {
    this.#ledger.reset();
    this.#newestOrderSeq = 0;
    this.#windows.forget();
    this.#waiting = [];
    // The ledger wants none of them now.
    this.#dropUnwanted();
  }
}
