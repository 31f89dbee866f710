import type { Clock } from '@oncue/core';
import { type AgentMessage, parseAgentMessage, parseAudioFrame } from '@oncue/core/wire';
import type { ListenerSocket } from '@oncue/livekit';
import type { Ear } from './ear.ts';
import { PageVoice } from './page_link.ts';
import { PlayedResponse } from './played_responses.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (BLOCK_MS * SAMPLE_RATE_HZ) / 1000;
const REPORT_EVERY_MS = 50;
/** Of the page's own measurement, ms. */
const ERROR_BOUND_MS = 2;

/** What a page works with. */
export interface PlayerPagePort {
  readonly clock: Clock;
  readonly ear: Ear;
  /** From the player's output to the ear, ms. */
  readonly pathMs: number;
  /** From the agent to the page, and back, ms each. */
  readonly networkMs: number;
}

/** A response that waits to be played. */
interface Waiting {
  readonly response: PlayedResponse;
  readonly samples: number[];
}

/**
 * One visit of a page with a player, at the other end of a socket: it plays what arrives, reports every 50 ms where its
 * playhead stands, and answers pings. Written from the wire's description, without the player of `@oncue/browser`.
 */
export class PlayerPage implements ListenerSocket {
  readonly bufferedAmount = 0;
  readonly #port: PlayerPagePort;
  readonly #voice: PageVoice;
  readonly #handlers: { readonly type: string; readonly run: (event: never) => void }[] = [];
  #waiting: Waiting[] = [];
  #isPaused = false;
  #isOpen = true;
  #isSilent = false;
  #silentFromMs = 0;
  /** What the network holds back. */
  #held: (() => void)[] = [];
  #sinceReportMs = 0;

  constructor(port: PlayerPagePort) {
    this.#port = port;
    this.#voice = new PageVoice(port.clock, (text) => this.#carry('message', { data: text }));
    this.#voice.hello();
    this.#scheduleTick();
  }

  /** The page is gone without a word: its sound stops, and the socket closes. */
  vanish(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#port.clock.schedule(this.#port.networkMs, () => this.#emit('close', {}));
  }

  /** Nothing gets through for now, in either direction; what it has it plays. */
  fallSilent(): void {
    this.#isSilent = true;
    this.#silentFromMs = this.#port.clock.nowMs();
  }

  /** What was held back arrives. @returns Whether the agent has kept the connection. */
  speakAgain(): boolean {
    this.#isSilent = false;
    if (this.#isOpen) this.#port.ear.wasHeldBack(this.#silentFromMs);
    for (const run of this.#held.splice(0)) run();
    return this.#isOpen;
  }

  /** @returns In how many ms that can be heard: what was rendered before still sounds. */
  setMuted(isMuted: boolean): number {
    const { clock, pathMs } = this.#port;
    this.#voice.audibility(isMuted ? 'muted' : 'listening', clock.nowMs() + pathMs);
    return pathMs;
  }

  // The agent's end of the socket.

  send(data: string | Uint8Array): void {
    const copy = typeof data === 'string' ? data : data.slice();
    const take = (): void => {
      if (typeof copy === 'string') this.#take(copy);
      else this.#takeAudio(copy);
    };
    this.#later(take, () => this.#lose(copy));
  }

  /** The agent cannot know that it is lost, until it closes the socket. */
  #lose(data: string | Uint8Array): void {
    const { ear, clock } = this.#port;
    if (typeof data === 'string') {
      const parsed = parseAgentMessage(data);
      if (parsed.ok && parsed.message.type === 'clear') ear.callBackLost(clock.nowMs());
      return;
    }
    const frame = parseAudioFrame(data);
    if (frame) ear.lose(frame.samples, clock.nowMs());
  }

  close(): void {
    if (this.#isSilent) this.#port.ear.callBackLost(this.#port.clock.nowMs());
    this.#isOpen = false;
    this.#waiting = [];
  }

  addEventListener(type: string, run: (event: never) => void): void {
    this.#handlers.push({ type, run });
  }

  #take(data: string): void {
    const parsed = parseAgentMessage(data);
    if (!parsed.ok) throw new TypeError(`the agent sent what is no message: ${data}`);
    this.#follow(parsed.message);
  }

  #follow(message: AgentMessage): void {
    switch (message.type) {
      case 'announce':
        if (this.#find(message.responseId)) return;
        this.#waiting.push({
          response: new PlayedResponse(message.responseId, message.heardBeforeSamples),
          samples: [],
        });
        return;
      case 'end': {
        const ended = this.#find(message.responseId);
        if (ended) ended.response.total = message.totalSamples;
        return;
      }
      case 'clear':
        for (const one of this.#waiting) {
          one.samples.length = 0;
          if (one.response.total === undefined || one.response.played < one.response.total)
            one.response.cut();
        }
        this.#isPaused = false;
        return;
      case 'pause':
      case 'resume':
        this.#isPaused = message.type === 'pause';
        return;
      case 'ping':
        this.#voice.pong(message.pingId);
        return;
      case 'welcome':
      case 'fingerprint':
        return;
    }
  }

  #takeAudio(data: Uint8Array): void {
    const frame = parseAudioFrame(data);
    const waiting = frame && this.#find(frame.responseId);
    if (!frame || !waiting || waiting.response.isCut) return;
    const expected = waiting.response.played + waiting.samples.length;
    if (frame.firstSample !== expected)
      throw new Error(`a frame begins at ${frame.firstSample}, and ${expected} was expected`);
    for (const sample of frame.samples) waiting.samples.push(sample);
  }

  #find(responseId: string): Waiting | undefined {
    return this.#waiting.find(({ response }) => response.responseId === responseId);
  }

  #scheduleTick(): void {
    this.#port.clock.schedule(BLOCK_MS, () => {
      if (!this.#isOpen) return;
      if (!this.#isPaused) this.#playBlock();
      this.#report();
      this.#scheduleTick();
    });
  }

  /** Without a gap between two responses. */
  #playBlock(): void {
    const soundsAtMs = this.#port.clock.nowMs() + this.#port.pathMs;
    let filled = 0;
    for (const { response, samples } of this.#waiting) {
      const block = Int16Array.from(samples.splice(0, BLOCK_SAMPLES - filled));
      const atMs = soundsAtMs + (filled * 1000) / SAMPLE_RATE_HZ;
      if (block.length > 0) response.play(block.length, atMs);
      this.#port.ear.hear(block, atMs);
      filled += block.length;
      const isAllPlayed = response.total !== undefined && response.played >= response.total;
      if (filled >= BLOCK_SAMPLES || !isAllPlayed) return;
    }
  }

  #report(): void {
    const nowMs = this.#port.clock.nowMs();
    this.#sinceReportMs += BLOCK_MS;
    const isDue = this.#sinceReportMs >= REPORT_EVERY_MS;
    if (isDue) this.#sinceReportMs = 0;
    for (const { response } of this.#waiting) {
      const isOver = response.isOverAt(nowMs);
      if (!isDue && !isOver) continue;
      const report = response.reportAt(nowMs, ERROR_BOUND_MS);
      if (report) this.#voice.report(report);
    }
    this.#waiting = this.#waiting.filter(({ response }) => !response.isOverAt(nowMs));
  }

  #carry(type: string, event: object): void {
    this.#later(() => this.#emit(type, event));
  }

  /** @param stopped - runs if the network goes while it is on its way. */
  #later(run: () => void, stopped?: () => void): void {
    const arrive = (): void => {
      if (this.#isOpen) run();
    };
    this.#port.clock.schedule(this.#port.networkMs, () => {
      if (!this.#isSilent) return arrive();
      this.#held.push(arrive);
      if (this.#isOpen) stopped?.();
    });
  }

  #emit(type: string, event: object): void {
    for (const handler of this.#handlers) if (handler.type === type) handler.run(event as never);
  }
}
