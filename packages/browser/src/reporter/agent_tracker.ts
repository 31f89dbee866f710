import {
  type AgentEnvelope,
  type AgentMessage,
  decodeSound,
  type Playhead,
} from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';
import { AgentLink } from './agent_link.ts';
import { FingerprintSearch, type SearchWindow } from './fingerprint_search.ts';
import type { FrameClock } from './frame_clock.ts';
import type { Place } from './heard_track.ts';
import { ReporterLedger, type SearchRequest } from './reporter_ledger.ts';
import {
  FINDING_FIELDS,
  FINDINGS_KEPT,
  FOUND,
  type ListenerCommand,
  MAIL,
} from './worklet/reporter_mail.ts';

/** Fingerprints that wait for the audio to run: the latest. */
const WAITING_KEPT = 8;

/** What an ear does to its surroundings. */
export interface EarPorts {
  readonly now: () => PageMs;
  /** To the agent. */
  readonly send: (text: string, isReliable: boolean) => void;
  readonly toWorklet: (command: ListenerCommand) => void;
  readonly reported: (report: Playhead) => void;
}

interface Search extends SearchRequest {
  readonly window: SearchWindow;
  /** It was found already, and is compared at another place. */
  readonly isAgain: boolean;
}

type AgentSaid<T extends AgentMessage['type']> = Extract<AgentMessage, { type: T }> & AgentEnvelope;

/**
 * Listens for one agent: what it says, what the worklet finds, and what is reported of both. Knows no room and no
 * browser; every mail of the worklet moves it on, so that it needs no timer.
 */
export class AgentTracker {
  readonly #ports: EarPorts;
  readonly #clock: FrameClock;
  readonly #link: AgentLink;
  readonly #search: FingerprintSearch;
  readonly #ledger: ReporterLedger;
  readonly #searches = new Map<number, Search>();
  #waiting: AgentSaid<'fingerprint'>[] = [];
  #playedBy: 'graph' | 'element' | undefined;
  #frames: number | undefined;
  #findingCount = 0;
  #nextSeekId = 1;
  /** For messages that carry no number: as many as came. */
  #received = 0;
  /** Of the last pause, resume or clear. */
  #newestOrderSeq = 0;
  foundCount = 0;
  missedCount = 0;

  constructor(clock: FrameClock, ports: EarPorts) {
    this.#clock = clock;
    this.#ports = ports;
    this.#link = new AgentLink(ports.send);
    this.#search = new FingerprintSearch(clock);
    this.#ledger = new ReporterLedger(clock);
  }

  /** Takes a packet of the agent. @returns Whether it speaks Oncue. */
  take(text: string): boolean {
    const receivedAtMs = this.#ports.now();
    const received = this.#link.take(text);
    if (!received) return false;
    if (received.renewed) this.#forget();
    this.#received += 1;
    this.#takeMessage(received.message, receivedAtMs);
    this.#report();
    return true;
  }

  /** The agent's audio is heard, and by whom it is played; `undefined`: it is not heard, or not any more. */
  audible(playedBy: 'graph' | 'element' | undefined): void {
    const before = this.#playedBy;
    this.#playedBy = playedBy;
    if (playedBy === before) return;
    if (playedBy) this.#link.hello(playedBy);
    else this.leave();
  }

  /** The connection was made again: the agent may not know of us. */
  greet(): void {
    if (this.#playedBy) this.#link.hello(this.#playedBy);
  }

  leave(): void {
    if (this.#link.isHere) this.#link.bye();
    this.#playedBy = undefined;
    this.#forget();
  }

  /** Another worklet listens from now on, or one that stood still: what was found says nothing of where the next will be. */
  restarted(): void {
    this.#searches.clear();
    this.#search.forget();
    this.#findingCount = 0;
    this.#frames = undefined;
  }

  /** Takes a mail of the worklet. */
  takeMail(mail: Float64Array): void {
    this.#frames = mail[MAIL.frames] ?? 0;
    this.#clock.setFrameOffset(mail[MAIL.frameOffset] ?? 0);
    this.#ledger.rendered({
      frames: this.#frames,
      onsetFrame: mail[MAIL.onsetFrame] ?? -1,
      loudUntilFrame: mail[MAIL.loudUntilFrame] ?? -1,
    });
    this.#takeFindings(mail);
    for (const fingerprint of this.#waiting.splice(0)) this.#seek(fingerprint);
    this.#report();
  }

  #takeMessage(message: AgentMessage & AgentEnvelope, receivedAtMs: PageMs): void {
    const seq = message.seq ?? this.#received;
    switch (message.type) {
      case 'welcome':
        this.greet();
        break;
      case 'ping':
        this.#answer(message.pingId, receivedAtMs);
        break;
      case 'announce':
        this.#ledger.announce(message.responseId, message.sampleRateHz, seq, receivedAtMs);
        break;
      case 'fingerprint':
        this.#seek({ ...message, seq });
        break;
      case 'end':
        this.#ledger.end(message.responseId, message.totalSamples);
        break;
      case 'clear':
        this.#isOvertaken(seq);
        this.#ledger.clear({ seq, ...(message.left && { left: message.left }) }, receivedAtMs);
        this.#dropUnwanted();
        break;
      case 'pause':
        if (this.#isOvertaken(seq)) break;
        this.#ledger.pause(message.left);
        this.#dropUnwanted();
        break;
      case 'resume':
        if (!this.#isOvertaken(seq)) this.#ledger.resume();
        break;
    }
  }

  /** Of pause, resume and clear the newest holds, in whatever order they come. */
  #isOvertaken(seq: number): boolean {
    if (seq < this.#newestOrderSeq) return true;
    this.#newestOrderSeq = seq;
    return false;
  }

  #answer(pingId: number, receivedAtMs: PageMs): void {
    const sentAtMs = this.#ports.now();
    this.#link.say({ type: 'pong', pingId, receivedAtMs, sentAtMs }, false);
  }

  #seek(fingerprint: AgentSaid<'fingerprint'>): void {
    if (this.#frames === undefined) {
      this.#waiting = [...this.#waiting, fingerprint].slice(-WAITING_KEPT);
      return;
    }
    const sound = decodeSound(fingerprint.sound);
    if (!sound || sound.length === 0) return;
    const wanted = this.#ledger.fingerprint(
      fingerprint,
      sound,
      fingerprint.seq ?? this.#received,
      this.#ports.now(),
    );
    if (!wanted) return;
    const window = this.#search.windowOf(fingerprint.leavesAtMs, wanted.isInner, this.#frames);
    this.#begin({ ...wanted, window, isAgain: false });
  }

  #begin(search: Search): void {
    const seekId = this.#nextSeekId;
    this.#nextSeekId += 1;
    this.#searches.set(seekId, search);
    const { sound } = search.piece;
    const isPatient = search.isInner || search.isAgain;
    this.#ports.toWorklet({ type: 'seek', seekId, sound, isPatient, ...search.window });
  }

  #takeFindings(mail: Float64Array): void {
    const count = mail[MAIL.findingCount] ?? 0;
    for (
      let index = Math.max(this.#findingCount, count - FINDINGS_KEPT);
      index < count;
      index += 1
    ) {
      const place = MAIL.findings + (index % FINDINGS_KEPT) * FINDING_FIELDS;
      const seekId = mail[place] ?? 0;
      const search = this.#searches.get(seekId);
      this.#searches.delete(seekId);
      const [, frame = 0, likeness = 0, found] = mail.subarray(place, place + FINDING_FIELDS);
      const isSure = found === FOUND.surely;
      if (search) this.#takeFinding(search, found ? { frame, likeness, isSure } : undefined);
    }
    this.#findingCount = count;
  }

  #takeFinding(search: Search, place: Place | undefined): void {
    const { leavesAtMs } = search.piece;
    if (search.isAgain) {
      this.#ledger.compared(search, place);
    } else if (!place) {
      this.#ledger.missed(search, search.window, this.#search.expectedFrame(leavesAtMs));
      this.#search.missed();
      this.missedCount += 1;
    } else {
      this.foundCount += 1;
      this.#search.found(place.frame, leavesAtMs);
      const doubt = this.#ledger.found(search, place);
      if (doubt) this.#begin({ ...search, ...doubt, isAgain: true });
    }
  }

  #dropUnwanted(): void {
    for (const [seekId, search] of this.#searches) {
      if (this.#ledger.isWanted(search)) continue;
      this.#searches.delete(seekId);
      this.#ports.toWorklet({ type: 'cancel', seekId });
    }
  }

  #report(): void {
    for (const { report, isReliable } of this.#ledger.takeDue(this.#ports.now())) {
      if (!this.#link.isHere) continue;
      this.#link.say(report, isReliable);
      this.#ports.reported(report);
    }
  }

  #forget(): void {
    this.#ledger.reset();
    this.#newestOrderSeq = 0;
    this.#search.forget();
    this.#waiting = [];
    for (const seekId of this.#searches.keys()) this.#ports.toWorklet({ type: 'cancel', seekId });
    this.#searches.clear();
  }
}
