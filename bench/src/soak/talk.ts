import type { voice } from '@livekit/agents';
import type { ResponseId } from '@oncue/core';
import { attachOncue, type OncueSession, SocketListener } from '@oncue/livekit';
import { BenchAgent } from '../shared/bench_agent.ts';
import { pick } from '../shared/random.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';
import { MemoryPage } from './memory_page.ts';

const MOST_RESPONSES = 3;
const CUT_SHARE = 0.2;
const LONGEST_BEFORE_CUT_MS = 3000;
/** Turns that a page is open for. What it knows of their responses goes with it. */
const TURNS_OF_A_PAGE = 10;
/** What LiveKit keeps of a conversation grows without end, and is not what is measured. */
const HISTORY_KEPT = 10;

/** What happened since this was last emptied. */
export interface Tally {
  turns: number;
  declared: number;
  ended: number;
  tasks: number;
  started: number;
  /** The start that was reported minus the true one, ms. */
  errorsMs: number[];
}

export const emptyTally = (): Tally => ({
  turns: 0,
  declared: 0,
  ended: 0,
  tasks: 0,
  started: 0,
  errorsMs: [],
});

/** One session that talks without a break to a page, which interrupts it and is reloaded now and then. */
export class Talk {
  readonly session: voice.AgentSession;
  readonly oncue: OncueSession;
  tally = emptyTally();
  readonly #listener = new SocketListener();
  readonly #agent: BenchAgent;
  readonly #random: () => number;
  readonly #name: string;
  #page: MemoryPage | undefined;
  #pages = 0;

  private constructor(name: string, speaker: ReplayTTS, random: () => number) {
    this.#name = name;
    this.#random = random;
    this.session = newSession(speaker);
    this.oncue = attachOncue(this.session, { listener: this.#listener });
    this.#agent = new BenchAgent(() => {
      this.tally.tasks += 1;
    });
    this.#count();
  }

  static async start(name: string, speaker: ReplayTTS, random: () => number): Promise<Talk> {
    const talk = new Talk(name, speaker, random);
    await talk.session.start({ agent: talk.#agent });
    return talk;
  }

  /** Emitters that could collect listeners. */
  get listenerCount(): number {
    const { session } = this;
    return session
      .eventNames()
      .reduce((sum, name) => sum + session.listenerCount(name as never), 0);
  }

  /** Talks until `isOver`. */
  async run(sentences: readonly string[], isOver: () => boolean): Promise<void> {
    for (let turn = 0; !isOver(); turn += 1) {
      if (turn % TURNS_OF_A_PAGE === 0) this.#openPage();
      const count = 1 + Math.floor(this.#random() * MOST_RESPONSES);
      this.#agent.script = Array.from({ length: count }, () => pick(sentences, this.#random));
      await this.#say();
      this.tally.turns += 1;
      this.session.history.truncate(HISTORY_KEPT);
      forgetRecordedEvents(this.session);
      await this.#agent.updateChatCtx(this.#agent.chatCtx.copy().truncate(HISTORY_KEPT));
    }
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.oncue.close();
    this.#page?.close();
  }

  async #say(): Promise<void> {
    const speech = this.session.generateReply({ userInput: 'go on' });
    const isCut = this.#random() < CUT_SHARE;
    const timer = isCut
      ? setTimeout(() => speech.interrupt(), this.#random() * LONGEST_BEFORE_CUT_MS)
      : undefined;
    await speech.waitForPlayout();
    clearTimeout(timer);
  }

  #openPage(): void {
    this.#page?.close();
    this.#pages += 1;
    this.#page = new MemoryPage(`${this.#name}-${this.#pages}`);
    this.#listener.attachSocket(this.#page);
    this.#page.join();
  }

  #count(): void {
    const { oncue } = this;
    oncue.on('response_declared', () => {
      this.tally.declared += 1;
    });
    const ended = (): void => {
      this.tally.ended += 1;
    };
    oncue.on('response_playback_finished', ended);
    oncue.on('response_skipped', ended);
    oncue.on('response_playback_started', ({ responseId, startedAtMs }) =>
      this.#noteStart(responseId, startedAtMs),
    );
  }

  #noteStart(id: ResponseId, startedAtMs: number): void {
    this.tally.started += 1;
    const trueMs = this.#page?.startOf(id);
    if (trueMs !== undefined) this.tally.errorsMs.push(Math.abs(startedAtMs - trueMs));
  }
}

/** LiveKit keeps every event of a session for its report, and with them every speech. */
function forgetRecordedEvents(session: object): void {
  const { _recordedEvents: recorded } = session as { readonly _recordedEvents?: unknown[] };
  recorded?.splice(0);
}
