import { initializeLogger, type llm, voice } from '@livekit/agents';
import type { OncueEvent, OncueEventOf, ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { type Script, ScriptedLLM } from '@oncue/embedded';
import { onTestFinished, vi } from 'vitest';
import { enterSpeech } from '../../src/agent/speech.ts';
import {
  type AttachOptions,
  attachOncue,
  LocalDevice,
  type LocalDeviceOptions,
  type OncueSession,
  WavRecorder,
} from '../../src/index.ts';
import { levelOf, ToneTTS } from './tone_tts.ts';

initializeLogger({ pretty: false, level: 'silent' });

export interface RunOptions {
  readonly agent?: voice.Agent;
  readonly tts?: ToneTTS | undefined;
  readonly llm?: llm.LLM | llm.RealtimeModel;
  /** What the model says where the agent asks it. Default: the text of the user. */
  readonly script?: Script;
  readonly session?: Partial<voice.AgentSessionOptions>;
  readonly device?: LocalDeviceOptions;
  readonly attach?: Partial<AttachOptions>;
  /** Default: a new one. */
  readonly clock?: ManualClock;
  /** Last thing before the start, for what must be set by then. */
  readonly beforeStart?: (session: voice.AgentSession, oncue: OncueSession) => void;
}

/** How far the clock moves before LiveKit gets a chance to react. Blocks of the device are 10 ms. */
const STEP_MS = 5;
/** Streams hop through the event loop several times before a frame is where it belongs. */
const LOOP_TURNS = 4;
const LONGEST_RUN_MS = 30_000;

let running: SessionRun[] = [];

async function closeAll(): Promise<void> {
  for (const run of running) await run.close();
  running = [];
  vi.useRealTimers();
}

/**
 * Starts a real `AgentSession` with Oncue on a manual clock. The timers of LiveKit and `Date` go with that clock, so a
 * run always takes the same course; only promises run in real time.
 */
export async function startSession(options: RunOptions = {}): Promise<SessionRun> {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: performance.timeOrigin,
  });
  // Not `afterEach`: this module is loaded once for all test files, and that would only be heard in the first.
  if (running.length === 0) onTestFinished(closeAll);
  // A test that ended in the middle of a speech leaves it in the async context of those that follow.
  enterSpeech(undefined);
  const run = new SessionRun(options);
  running.push(run);
  options.beforeStart?.(run.session, run.oncue);
  await run.whileTimePasses(
    run.session.start({ agent: options.agent ?? new voice.Agent({ instructions: '' }) }),
  );
  return run;
}

/** One session, and all that could be seen of it. */
export class SessionRun {
  readonly clock: ManualClock;
  readonly session: voice.AgentSession;
  readonly oncue: OncueSession;
  readonly output: voice.AudioOutput;
  readonly events: OncueEvent[] = [];
  readonly states: { readonly state: voice.AgentState; readonly atMs: number }[] = [];
  readonly errors: string[] = [];
  readonly speechIds: string[] = [];
  readonly finishes: voice.PlaybackFinishedEvent[] = [];
  readonly recorder: WavRecorder;

  constructor(options: RunOptions) {
    const { clock = new ManualClock() } = options;
    this.clock = clock;
    this.session = new voice.AgentSession({
      vad: null,
      ...('tts' in options && options.tts === undefined
        ? {}
        : { tts: options.tts ?? new ToneTTS() }),
      llm: options.llm ?? scripted(options.script ?? (({ userText }) => userText)),
      ...options.session,
    });
    const device = { clock, ...options.device };
    this.recorder = new WavRecorder(device.sampleRateHz ?? 16_000);
    const listener = new LocalDevice({ ...device, onRendered: this.recorder.add });
    this.oncue = attachOncue(this.session, { listener, clock, ...options.attach });
    if (!this.session.output.audio) throw new Error('attachOncue set no output');
    this.output = this.session.output.audio;
    this.oncue.onAny((event) => this.events.push(event));
    this.output.on(voice.AudioOutput.EVENT_PLAYBACK_FINISHED, (event) => this.finishes.push(event));
    const { AgentSessionEventTypes: Events } = voice;
    this.session.on(Events.AgentStateChanged, ({ newState }) => {
      this.states.push({ state: newState, atMs: clock.nowMs() });
    });
    // A test may emit it without a speech.
    this.session.on(Events.SpeechCreated, (event?: Partial<voice.SpeechCreatedEvent>) => {
      if (event?.speechHandle) this.speechIds.push(event.speechHandle.id);
    });
    this.session.on(Events.Error, ({ error }) => {
      this.errors.push('error' in error ? error.error.message : String(error));
    });
  }

  /** Has the agent answer, and waits until the answer is over. */
  async reply(userInput = 'hi'): Promise<voice.SpeechHandle> {
    const handle = this.session.generateReply({ userInput });
    await this.over(handle);
    return handle;
  }

  /** Lets time pass until a speech is over. */
  async over(handle: voice.SpeechHandle): Promise<void> {
    await this.until(() => handle.done());
    await this.pass(STEP_MS);
  }

  /** Lets time pass until something is so. @throws Error if that does not come. */
  async until(isSo: () => boolean): Promise<void> {
    for (let passedMs = 0; !isSo(); passedMs += STEP_MS) {
      if (passedMs > LONGEST_RUN_MS) throw new Error('what the test waits for did not come');
      await this.#step(STEP_MS);
    }
  }

  /** Lets time pass until the given response starts to be heard, and on. @param index Counts all starts of the run. */
  async untilHeard(index: number, forMs = 0): Promise<void> {
    await this.until(() => this.started.length > index);
    await this.pass(forMs);
  }

  /** Lets time pass. */
  async pass(byMs: number): Promise<void> {
    for (let leftMs = byMs; leftMs > 0; leftMs -= STEP_MS) {
      await this.#step(Math.min(STEP_MS, leftMs));
    }
    await settle();
  }

  /** Waits for something that needs time to pass. */
  async whileTimePasses<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = work.finally(() => {
      settled = true;
    });
    await settle();
    await this.until(() => settled);
    return await done;
  }

  async close(): Promise<void> {
    await this.whileTimePasses(this.session.close());
    await this.whileTimePasses(this.oncue.close());
  }

  get started(): OncueEventOf<'response_playback_started'>[] {
    return this.of('response_playback_started');
  }

  get finished(): OncueEventOf<'response_playback_finished'>[] {
    return this.of('response_playback_finished');
  }

  get skipped(): OncueEventOf<'response_skipped'>[] {
    return this.of('response_skipped');
  }

  of<T extends OncueEvent['type']>(type: T): OncueEventOf<T>[] {
    return this.events.filter((event): event is OncueEventOf<T> => event.type === type);
  }

  /** The states since the session was ready. */
  get stateNames(): voice.AgentState[] {
    return this.states.map(({ state }) => state).slice(1);
  }

  /** What the agent said, as it is kept for the next prompt. */
  get chat(): { readonly text: string; readonly interrupted: boolean }[] {
    return this.session.history.items.flatMap((item) =>
      item.type === 'message' && item.role === 'assistant'
        ? [{ text: item.textContent ?? '', interrupted: item.interrupted }]
        : [],
    );
  }

  /** When the first sample of a word sounded, found in the recording. */
  soundedAtMs(word: string): number {
    const { sampleRateHz } = this.recorder;
    const place = this.recorder.samples().indexOf(levelOf(word));
    if (place < 0) throw new Error(`"${word}" never sounded`);
    return this.recorder.startsAtMs + (place * 1000) / sampleRateHz;
  }

  /** How each response ended, in order. */
  get ends(): string[] {
    return this.events.flatMap((event) => {
      if (event.type === 'response_playback_finished')
        return [`${event.outcome}: ${event.heardText}`];
      return event.type === 'response_skipped' ? [`skipped: ${event.reason}`] : [];
    });
  }

  /** How many segments the pipeline still waits for. */
  get unfinishedSegments(): number {
    return this.output.pendingPlayoutSegments;
  }

  /** All ids that were declared, in order. */
  get ids(): ResponseId[] {
    return this.of('response_declared').map(({ responseId }) => responseId);
  }

  async #step(byMs: number): Promise<void> {
    await settle();
    await this.clock.advanceAsync(byMs);
    await vi.advanceTimersByTimeAsync(byMs);
    await settle();
  }
}

/** Something that waits until the test lets it go on. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A model that answers at once. */
export function scripted(script: Script): ScriptedLLM {
  return new ScriptedLLM({ script, firstTokenMs: 0, tokensPerSecond: Number.POSITIVE_INFINITY });
}

/** Lets LiveKit do what it can do without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < LOOP_TURNS; turn += 1) await new Promise(setImmediate);
}
