import type { voice } from '@livekit/agents';
import type { HeardInstant, ResponseId } from '@oncue/core';
import type { OncueSession } from '@oncue/livekit';
import type { BenchAgent } from '../shared/bench_agent.ts';
import { pick } from '../shared/random.ts';
import { emptyTally } from './tally.ts';

const MOST_RESPONSES = 3;
const CUT_SHARE = 0.2;
const LONGEST_BEFORE_CUT_MS = 3000;
/** What LiveKit keeps of a conversation grows without end, and is not what is measured. */
const HISTORY_KEPT = 10;

/** A session that has started, and its listener. */
export interface TalkParts {
  readonly session: voice.AgentSession;
  /** Left out with LiveKit alone. */
  readonly oncue?: OncueSession;
  readonly agent: BenchAgent;
  readonly random: () => number;
  /** Called before each turn. */
  readonly beforeTurn?: (turn: number) => void;
  /** How far a start was from the truth, ms; `undefined` if that is not known. */
  readonly errorMs?: (id: ResponseId, start: HeardInstant) => number | undefined;
  readonly close: () => Promise<void>;
}

/** One session that talks without a break, and is interrupted now and then. */
export class Talk {
  tally = emptyTally();
  readonly #parts: TalkParts;

  constructor(parts: TalkParts) {
    this.#parts = parts;
    if (parts.oncue) this.#count(parts.oncue);
  }

  /** Turns that go on. */
  get liveCount(): number {
    return this.#parts.oncue?.timeline.state.turns.length ?? 0;
  }

  /** Listeners of the session's events. */
  get listenerCount(): number {
    const { session } = this.#parts;
    return session
      .eventNames()
      .reduce((sum, name) => sum + session.listenerCount(name as never), 0);
  }

  /** A task of a response ran. */
  noteTask(): void {
    this.tally.tasks += 1;
  }

  /** Talks until `isOver`. */
  async run(sentences: readonly string[], isOver: () => boolean): Promise<void> {
    const { session, agent, random, beforeTurn } = this.#parts;
    for (let turn = 0; !isOver(); turn += 1) {
      beforeTurn?.(turn);
      const count = 1 + Math.floor(random() * MOST_RESPONSES);
      agent.script = Array.from({ length: count }, () => pick(sentences, random));
      await this.#say();
      this.tally.turns += 1;
      session.history.truncate(HISTORY_KEPT);
      forgetRecordedEvents(session);
      await agent.updateChatCtx(agent.chatCtx.copy().truncate(HISTORY_KEPT));
    }
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  async #say(): Promise<void> {
    const { session, random } = this.#parts;
    const speech = session.generateReply({ userInput: 'go on' });
    const isCut = random() < CUT_SHARE;
    const timer = isCut
      ? setTimeout(() => speech.interrupt(), random() * LONGEST_BEFORE_CUT_MS)
      : undefined;
    await speech.waitForPlayout();
    clearTimeout(timer);
  }

  #count(oncue: OncueSession): void {
    oncue.on('response_declared', () => {
      this.tally.declared += 1;
    });
    const ended = (): void => {
      this.tally.ended += 1;
    };
    oncue.on('response_playback_finished', ended);
    oncue.on('response_skipped', ended);
    oncue.on('response_playback_started', (event) => {
      this.tally.started += 1;
      const errorMs = this.#parts.errorMs?.(event.responseId, event);
      if (errorMs !== undefined) this.tally.errorsMs.push(errorMs);
    });
  }
}

/** LiveKit keeps every event of a session for its report, and with them every speech. */
function forgetRecordedEvents(session: object): void {
  const { _recordedEvents: recorded } = session as { readonly _recordedEvents?: unknown[] };
  recorded?.splice(0);
}
