import { initializeLogger, voice } from '@livekit/agents';
import type { OncueEvent } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { attachOncue, LocalDevice } from '@oncue/livekit';
import { vi } from 'vitest';
import { type AgentLog, AgentScript, type SideName } from './agents.ts';
import { Ear } from './fakes/ear.ts';
import { FakeSource } from './fakes/fake_source.ts';
import { stockOutput, TranscriptionSynchronizer } from './fakes/livekit_parts.ts';
import { type MadeWord, SAMPLE_RATE_HZ, WordsTTS } from './fakes/words_tts.ts';
import type { Scenario, Step } from './scenario.ts';

initializeLogger({ pretty: false, level: 'silent' });

/** How far the clock moves before LiveKit gets a chance to react. */
const STEP_MS = 5;
/** Streams hop through the event loop several times before a frame is where it belongs. */
const LOOP_TURNS = 4;
/** What is said is over by then, in every scenario. */
const SETTLE_MS = 2500;
const LONGEST_RUN_MS = 60_000;
const QUEUE_MS = 200;

/** What one side did, and what was really audible. */
export interface Observed {
  readonly side: SideName;
  readonly ear: Ear;
  readonly made: readonly MadeWord[];
  readonly states: readonly { readonly state: voice.AgentState; readonly atMs: number }[];
  /** The assistant's messages in the chat history. */
  readonly history: readonly { readonly text: string; readonly interrupted: boolean }[];
  /** The caption text, in the pieces in which it was shown. */
  readonly captions: readonly { readonly text: string; readonly atMs: number }[];
  readonly speeches: readonly { readonly interrupted: boolean; readonly done: boolean }[];
  readonly log: AgentLog;
  readonly errors: readonly string[];
  /** Oncue's events; none on plain LiveKit. */
  readonly events: readonly OncueEvent[];
  /** When the steps of the scenario began, ms of the run's clock. */
  readonly startedAtMs: number;
  readonly closedInTime: boolean;
}

/** Runs a scenario on one side. Needs vitest's fake timers, which it sets and resets. */
export async function runSide(scenario: Scenario, side: SideName): Promise<Observed> {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: performance.timeOrigin,
  });
  try {
    return await new SideRun(scenario, side).run();
  } finally {
    vi.useRealTimers();
  }
}

class SideRun {
  readonly #scenario: Scenario;
  readonly #side: SideName;
  readonly #clock = new ManualClock();
  readonly #ear = new Ear();
  readonly #tts: WordsTTS;
  readonly #script: AgentScript;
  readonly #session: voice.AgentSession;
  readonly #states: { state: voice.AgentState; atMs: number }[] = [];
  readonly #captions: { text: string; atMs: number }[] = [];
  readonly #handles: voice.SpeechHandle[] = [];
  readonly #errors: string[] = [];
  readonly #events: OncueEvent[] = [];

  constructor(scenario: Scenario, side: SideName) {
    this.#scenario = scenario;
    this.#side = side;
    this.#tts = new WordsTTS(scenario.voice ?? {}, this.#clock);
    this.#script = new AgentScript(scenario, side, this.#clock);
    this.#session = new voice.AgentSession({
      vad: null,
      llm: this.#script.model(),
      ...(scenario.voice?.absent ? {} : { tts: this.#tts }),
      useTtsAlignedTranscript: scenario.voice?.wordTimes ?? true,
    });
    this.#follow();
    this.#session.output.audio = this.#innerOutput();
    this.#addSynchronizer();
  }

  async run(): Promise<Observed> {
    await this.#whilePasses(this.#session.start({ agent: this.#script.agent() }));
    const startedAtMs = this.#clock.nowMs();
    for (const step of [...this.#scenario.steps].sort((a, b) => a.atMs - b.atMs)) {
      await this.#passUntil(startedAtMs + step.atMs);
      this.#do(step);
    }
    await this.#passUntil(this.#clock.nowMs() + SETTLE_MS);
    await this.#untilOver();
    const { history } = this.#session;
    const closedInTime = await this.#close();
    return {
      side: this.#side,
      ear: this.#ear,
      made: this.#tts.made,
      states: this.#states,
      history: history.items.flatMap((item) =>
        item.type === 'message' && item.role === 'assistant'
          ? [{ text: item.textContent ?? '', interrupted: item.interrupted }]
          : [],
      ),
      captions: this.#captions,
      speeches: this.#handles.map((handle) => ({
        interrupted: handle.interrupted,
        done: handle.done(),
      })),
      log: this.#script.log,
      errors: this.#errors,
      events: this.#events,
      startedAtMs,
      closedInTime,
    };
  }

  #follow(): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#session.on(Events.AgentStateChanged, ({ newState }) => {
      this.#states.push({ state: newState, atMs: this.#clock.nowMs() });
    });
    this.#session.on(Events.SpeechCreated, ({ speechHandle }) => {
      this.#handles.push(speechHandle);
    });
    this.#session.on(Events.Error, ({ error }) => {
      this.#errors.push('error' in error ? error.error.message : String(error));
    });
  }

  #innerOutput(): voice.AudioOutput {
    const { pathMs = 60 } = this.#scenario.ear ?? {};
    if (this.#side === 'plain') return this.#stock(pathMs);
    const listener = new LocalDevice({
      clock: this.#clock,
      sampleRateHz: SAMPLE_RATE_HZ,
      outputLatencyMs: pathMs,
      onRendered: ({ samples, soundsAtMs }) => this.#ear.hear(samples, soundsAtMs),
    });
    const oncue = attachOncue(this.#session, { listener, clock: this.#clock });
    oncue.onAny((event) => this.#events.push(event));
    if (!this.#session.output.audio) throw new Error('attachOncue set no output');
    return this.#session.output.audio;
  }

  #stock(pathMs: number): voice.AudioOutput {
    const source = new FakeSource({
      clock: this.#clock,
      ear: this.#ear,
      pathMs,
      queueMs: QUEUE_MS,
    });
    return stockOutput(source, SAMPLE_RATE_HZ, QUEUE_MS);
  }

  #addSynchronizer(): void {
    const { audio } = this.#session.output;
    if (!audio) throw new Error('the session has no audio output');
    const sink = {
      captureText: async (chunk: string | voice.TimedString) => {
        const text = typeof chunk === 'string' ? chunk : chunk.text;
        this.#captions.push({ text, atMs: this.#clock.nowMs() });
      },
      flush: () => {},
      onAttached: () => {},
      onDetached: () => {},
    };
    const synchronizer = new TranscriptionSynchronizer(audio, sink);
    this.#session.output.audio = synchronizer.audioOutput;
    this.#session.output.transcription = synchronizer.textOutput;
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'ask':
        this.#session.generateReply({ userInput: step.text ?? 'hi' });
        return;
      case 'say':
        this.#session.say(step.text);
        return;
      case 'interrupt':
        void this.#session.interrupt();
        return;
      case 'pause':
        this.#session.output.audio?.pause();
        return;
      case 'resume':
        this.#session.output.audio?.resume();
        return;
      case 'audio':
        this.#session.output.setAudioEnabled(step.enabled);
        return;
      case 'other_output':
        this.#session.output.audio = this.#stock(this.#scenario.ear?.pathMs ?? 60);
        return;
      case 'close':
        void this.#session.close();
        return;
    }
  }

  async #untilOver(): Promise<void> {
    for (let passedMs = 0; passedMs < LONGEST_RUN_MS; passedMs += STEP_MS) {
      if (this.#handles.every((handle) => handle.done())) break;
      await this.#step(STEP_MS);
    }
    await this.#passUntil(this.#clock.nowMs() + 500);
  }

  /** @returns Whether the session closed within ten seconds. */
  async #close(): Promise<boolean> {
    let isClosed = false;
    void this.#session.close().finally(() => {
      isClosed = true;
    });
    for (let passedMs = 0; passedMs < 10_000 && !isClosed; passedMs += STEP_MS)
      await this.#step(STEP_MS);
    return isClosed;
  }

  async #passUntil(atMs: number): Promise<void> {
    while (this.#clock.nowMs() < atMs)
      await this.#step(Math.min(STEP_MS, atMs - this.#clock.nowMs()));
  }

  async #whilePasses(work: Promise<unknown>): Promise<void> {
    let settled = false;
    const done = work.finally(() => {
      settled = true;
    });
    for (let passedMs = 0; !settled && passedMs < LONGEST_RUN_MS; passedMs += STEP_MS)
      await this.#step(STEP_MS);
    await done;
  }

  async #step(byMs: number): Promise<void> {
    await settle();
    await this.#clock.advanceAsync(byMs);
    await vi.advanceTimersByTimeAsync(byMs);
    await settle();
  }
}

/** Lets LiveKit do what it can do without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < LOOP_TURNS; turn += 1) await new Promise(setImmediate);
}
