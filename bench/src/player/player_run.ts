import { setTimeout as delay } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import { attachOncue, type SocketListener } from '@oncue/livekit';
import { BenchAgent } from '../shared/bench_agent.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';

/** Silence after a response: longer than a device still plays after a cut. */
const SILENCE_MS = 400;
const SILENCE_SPREAD_MS = 50;

/** A response is cut in this part of its time. */
const CUT_FROM_SHARE = 0.3;
const CUT_SPREAD_SHARE = 0.5;

/** An instant that was told, on this process's clock. */
export interface ToldInstant {
  readonly atMs: number;
  readonly errorBoundMs: number;
}

/** What the application learned of one response. */
export interface Told {
  readonly speech: KnownSpeech;
  readonly isCut: boolean;
  readonly fromMs: number;
  toMs: number;
  /** Each `response_playback_started`. */
  readonly starts: ToldInstant[];
  /** The start as it is known at the end. */
  start: ToldInstant | undefined;
  finish: (ToldInstant & { readonly heardMs: number }) | undefined;
}

/** A session with Oncue that says one response after the other to a page. */
export class PlayerRun {
  readonly #session: voice.AgentSession;
  readonly #agent: BenchAgent;
  readonly #random: () => number;
  #told: Told | undefined;

  private constructor(session: voice.AgentSession, agent: BenchAgent, random: () => number) {
    this.#session = session;
    this.#agent = agent;
    this.#random = random;
  }

  static async start(
    listener: SocketListener,
    speaker: ReplayTTS,
    random: () => number,
  ): Promise<PlayerRun> {
    const session = newSession(speaker);
    const oncue = attachOncue(session, { listener });
    const agent = new BenchAgent(() => {});
    const run = new PlayerRun(session, agent, random);
    oncue.on('response_playback_started', ({ startedAtMs: atMs, errorBoundMs }) => {
      run.#told?.starts.push({ atMs, errorBoundMs });
      if (run.#told) run.#told.start = { atMs, errorBoundMs };
    });
    oncue.on('response_playback_refined', ({ startedAtMs: atMs, errorBoundMs }) => {
      if (run.#told) run.#told.start = { atMs, errorBoundMs };
    });
    oncue.on('response_playback_finished', ({ endedAtMs: atMs, errorBoundMs, heardMs }) => {
      if (run.#told) run.#told.finish = { atMs, errorBoundMs, heardMs };
    });
    await session.start({ agent });
    return run;
  }

  async say(speech: KnownSpeech, isCut: boolean): Promise<Told> {
    const fromMs = performance.now();
    const told: Told = {
      speech,
      isCut,
      fromMs,
      toMs: fromMs,
      starts: [],
      start: undefined,
      finish: undefined,
    };
    this.#told = told;
    this.#agent.script = [speech.text];
    const handle = this.#session.generateReply({ userInput: 'go on' });
    if (isCut) {
      while (!told.start && !handle.done()) await delay(5);
      const lastMs = (speech.samples.length * 1000) / 24_000;
      await delay(lastMs * (CUT_FROM_SHARE + this.#random() * CUT_SPREAD_SHARE));
      await this.#session.interrupt({ force: true }).await;
    }
    await handle.waitForPlayout();
    await delay(SILENCE_MS + this.#random() * SILENCE_SPREAD_MS);
    told.toMs = performance.now();
    return told;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
