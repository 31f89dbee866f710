import { setTimeout as delay } from 'node:timers/promises';
import { voice } from '@livekit/agents';
import { ScriptedLLM } from '@oncue/embedded';
import { attachOncue } from '@oncue/livekit';
import { LoadListener, LoadOutput } from './load_sides.ts';
import type { LoadVoice } from './load_voice.ts';

export type LoadKind = 'plain' | 'oncue';

const ANSWER =
  'The next train to the harbour leaves at nine from the platform on your left. Shall I book a seat for you?';

/** The user speaks, or thinks, for so long before each answer. The agent speaks for about four tenths of the time. */
const LEAST_PAUSE_MS = 5000;
const MOST_PAUSE_MS = 9000;

const TOKENS_PER_SECOND = 60;

/** How late the application learned of what the listener heard, ms. */
export type OnLate = (lateMs: number) => void;

/** A conversation that goes on until it is closed: a real session with Oncue or without, a model and a voice from memory. */
export class LoadSession {
  readonly #session: voice.AgentSession;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  /** What the listener has heard, of which the application has not learned. */
  readonly #heard: Partial<Record<'started' | 'ended', number>> = {};
  #close: () => void;
  turnCount = 0;

  constructor(kind: LoadKind, speaker: LoadVoice, random: () => number, onLate: OnLate) {
    this.#random = random;
    this.#session = new voice.AgentSession({
      llm: new ScriptedLLM({
        script: () => ANSWER,
        firstTokenMs: 100,
        tokensPerSecond: TOKENS_PER_SECOND,
      }),
      tts: speaker,
      vad: null,
      useTtsAlignedTranscript: true,
    });
    const note = (what: 'started' | 'ended', atMs: number): void => {
      this.#heard[what] = atMs;
    };
    if (kind === 'oncue') {
      attachOncue(this.#session, { listener: new LoadListener(note) });
      this.#close = () => {};
    } else {
      const output = new LoadOutput(note);
      this.#session.output.audio = output;
      this.#close = () => output.close();
    }
    // The event that an application has with both: the agent is `speaking` from the first sample on, and not after the last.
    this.#session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ oldState, newState }) => {
      const what =
        newState === 'speaking' ? 'started' : oldState === 'speaking' ? 'ended' : undefined;
      const atMs = what && this.#heard[what];
      if (what === undefined || atMs === undefined) return;
      delete this.#heard[what];
      onLate(performance.now() - atMs);
    });
  }

  /** Talks until `close`. */
  async run(): Promise<void> {
    const { signal } = this.#closing;
    await this.#session.start({ agent: new voice.Agent({ instructions: 'Answer.' }) });
    // Not all at once.
    await delay(this.#random() * MOST_PAUSE_MS, undefined, { signal }).catch(() => {});
    while (!signal.aborted) {
      await this.#session.generateReply({ userInput: 'Is there a train?' }).waitForPlayout();
      this.turnCount += 1;
      const pauseMs = LEAST_PAUSE_MS + this.#random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS);
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#session.close();
    this.#close();
  }
}
