import { initializeLogger, voice } from '@livekit/agents';
import { vi } from 'vitest';
import { AgentScript, type SideName } from './agents.ts';
import { consoleOutput } from './fakes/console_output.ts';
import { CopyingOutput } from './fakes/copying_output.ts';
import { type DeafnessKnown, Ear } from './fakes/ear.ts';
import {
  answersInAdvance,
  soundWasNoWord,
  TranscriptionSynchronizer,
  userMakesSound,
  userTurnEnds,
} from './fakes/livekit_parts.ts';
import { Recording } from './fakes/recording.ts';
import { ThinkingSound } from './fakes/thinking_sound.ts';
import { voiceOf, WordsTTS } from './fakes/words_tts.ts';
import { AvatarOnPlain } from './listeners/avatar.ts';
import { listen } from './listeners/listen.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listeners/listening.ts';
import { PlainOutput } from './listeners/plain_output.ts';
import type { Observed } from './observed.ts';
import { PromiseOrder } from './promise_order.ts';
import { RunClock } from './run_clock.ts';
import type { ListenerStep, OtherOutputKind, SaidHow, Scenario, Step } from './scenario.ts';
import { Watch } from './watch.ts';

initializeLogger({ pretty: false, level: 'silent' });

/** After the last step. What is said by then is over in every scenario, or is waited for. */
const SETTLE_MS = 600;
/** After the last speech: reports and time limits that are still to come. */
const AFTERWARDS_MS = 1500;
const LONGEST_RUN_MS = 60_000;
/** Sound leaves in blocks of this length. */
const BLOCK_MS = 10;
const LONGEST_CLOSE_MS = 10_000;
/** Packets that are lost for no longer than this are in no report (docs/limits.md). What is measured is judged all the same. */
const UNNOTICED_MS = 600;

/** Runs a scenario on one side, in the usual order of promises or in another. Needs vitest's fake timers, which it sets and resets. */
export async function runSide(
  scenario: Scenario,
  side: SideName,
  order: PromiseOrder = new PromiseOrder(),
): Promise<Observed> {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: performance.timeOrigin,
  });
  try {
    return await new SideRun(scenario, side, order).run();
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
}

class SideRun {
  readonly #scenario: Scenario;
  readonly #side: SideName;
  readonly #time: RunClock;
  readonly #ear = new Ear();
  readonly #tts: WordsTTS;
  readonly #script: AgentScript;
  readonly #session: voice.AgentSession;
  readonly #watch: Watch;
  readonly #port: ListeningPort;
  readonly #listening: Listening;
  readonly #recording: Recording | undefined;
  readonly #output: voice.AudioOutput;
  readonly #thinkingSound: ThinkingSound | undefined;
  #leftAtMs: number | undefined;
  /** Set after the start. */
  #avatar: AvatarOnPlain | undefined;

  constructor(scenario: Scenario, side: SideName, order: PromiseOrder) {
    this.#scenario = scenario;
    this.#time = new RunClock(order);
    this.#side = side;
    const clock = this.#time.manual;
    this.#tts = new WordsTTS(scenario.voice ?? {}, clock, order);
    this.#script = new AgentScript({ scenario, side, clock, order, voice: this.#tts });
    const session = new voice.AgentSession({
      vad: null,
      // Else the user could not interrupt by a sound for the first three seconds.
      aecWarmupDuration: null,
      llm: this.#script.model(),
      ...(scenario.answersInAdvance
        ? { turnHandling: { preemptiveGeneration: scenario.answersInAdvance } }
        : {}),
      ...(scenario.voice?.absent ? {} : { tts: voiceOf(this.#tts) }),
      useTtsAlignedTranscript: scenario.voice?.wordTimes ?? true,
    });
    this.#session = session;
    this.#watch = new Watch(session, () => clock.nowMs());
    this.#watch.beforeAttach();
    const { ear: plan = {} } = scenario;
    const { made } = this.#tts;
    const onEvent: ListeningPort['onEvent'] = (event) => this.#watch.events.push(event);
    this.#port = { session, clock, ear: this.#ear, plan, made, onEvent };
    this.#listening = listen(side, this.#port);
    this.#watch.afterAttach();
    this.#recording = scenario.records ? new Recording(session) : undefined;
    this.#output = this.#dress(this.#listening.output);
    this.#watch.output(this.#output, made);
    if (scenario.hasThinkingSound)
      this.#thinkingSound = new ThinkingSound(session, () => clock.nowMs());
  }

  async run(): Promise<Observed> {
    if ((this.#scenario.ear?.comesAtMs ?? 0) > 0) this.#ear.cannotHear(0);
    else this.#comes();
    let isStarted = false;
    const start = this.#session.start({ agent: this.#script.agent() }).then(() => {
      isStarted = true;
    });
    await this.#time.until(() => isStarted, LONGEST_RUN_MS);
    await start;
    const startedAtMs = this.#time.nowMs();
    for (const step of this.#steps()) {
      await this.#time.passUntil(startedAtMs + step.atMs);
      this.#do(step);
    }
    await this.#time.passUntil(this.#time.nowMs() + SETTLE_MS);
    const { handles } = this.#watch;
    await this.#time.until(() => handles.every((handle) => handle.done()), LONGEST_RUN_MS);
    await this.#time.passUntil(this.#time.nowMs() + AFTERWARDS_MS);
    return this.#observed(startedAtMs, this.#watch.history, await this.#close());
  }

  #observed(startedAtMs: number, history: Observed['history'], closedInTime: boolean): Observed {
    this.#watch.stop();
    const { states, captions, handles, errors, rejections, events, itemsTold, finishes, said } =
      this.#watch;
    return {
      side: this.#side,
      ear: this.#ear,
      made: this.#tts.made,
      states,
      history,
      itemsTold,
      captions,
      speeches: handles.map((one) => ({ interrupted: one.interrupted, done: one.done() })),
      finishes,
      said,
      unfinishedSegments: this.#output.pendingPlayoutSegments,
      recording: this.#recording?.played(0, this.#time.nowMs()),
      thinkingSound: this.#thinkingSound?.times,
      log: this.#script.log,
      errors,
      rejections,
      events,
      startedAtMs,
      closedInTime,
    };
  }

  #steps(): Step[] {
    const { steps, ear } = this.#scenario;
    const { comesAtMs = 0 } = ear ?? {};
    const comes: Step[] =
      comesAtMs > 0 && Number.isFinite(comesAtMs) ? [{ atMs: comesAtMs, do: 'comes' }] : [];
    return [...steps, ...comes].sort((a, b) => a.atMs - b.atMs);
  }

  /** What stands before the innermost output: an application's wrapper, the captions, the recorder. */
  #dress(innermost: voice.AudioOutput): voice.AudioOutput {
    const inner = this.#scenario.isWrapped ? new CopyingOutput(innermost) : innermost;
    const sink = {
      captureText: async (chunk: string | voice.TimedString) =>
        this.#watch.caption(typeof chunk === 'string' ? chunk : chunk.text),
      // The texts of two segments are two texts.
      flush: () => this.#watch.caption(' '),
      onAttached: () => {},
      onDetached: () => {},
    };
    const synchronizer = new TranscriptionSynchronizer(inner, sink);
    const outermost = this.#recording?.around(synchronizer.audioOutput) ?? synchronizer.audioOutput;
    this.#session.output.audio = outermost;
    this.#session.output.transcription = synchronizer.textOutput;
    return outermost;
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'ask':
        this.#session.generateReply({ userInput: step.text ?? 'hi' });
        return;
      case 'say':
        this.#say(step.text, step.how);
        return;
      case 'types':
        this.#interrupt();
        this.#session.generateReply({ userInput: step.text });
        return;
      case 'presses':
        this.#interrupt();
        this.#session.clearUserTurn();
        return;
      case 'force_interrupt':
        void this.#session.interrupt({ force: true });
        return;
      case 'shut_down':
        this.#session.shutdown();
        return;
      case 'words':
        answersInAdvance(this.#session, step.text);
        return;
      case 'turn_ends':
      case 'talks_over':
        userTurnEnds(this.#session, step.text);
        return;
      case 'interrupt':
        this.#interrupt();
        return;
      case 'pause':
        userMakesSound(this.#session);
        return;
      case 'resume':
        soundWasNoWord(this.#session);
        return;
      case 'audio':
        this.#session.output.setAudioEnabled(step.enabled);
        return;
      case 'other_output':
        this.#session.output.audio = this.#other(step.kind);
        // LiveKit's `acquireIo` does so.
        if (step.kind === 'console') this.#session.output.transcription = null;
        return;
      case 'hand_off':
        this.#session.updateAgent(this.#script.agent());
        return;
      case 'close':
        void this.#session.close();
        return;
      default:
        this.#listener(step);
    }
  }

  #say(text: string, how: SaidHow | undefined): void {
    this.#session.say(text, {
      ...(how === 'fixed' ? { allowInterruptions: false } : {}),
      ...(how === 'recorded' ? { audio: this.#tts.recording(text) } : {}),
    });
  }

  /** LiveKit throws where what plays may not be interrupted, as the first words of a task are. Then nothing happens. */
  #interrupt(): void {
    try {
      void this.#session.interrupt();
    } catch (error) {
      if (!/does not allow interruptions/.test(String(error))) throw error;
    }
  }

  #other(kind: OtherOutputKind | undefined): voice.AudioOutput {
    if (kind === 'own') return this.#output;
    if (kind === 'console') return consoleOutput(this.#port);
    if (kind === 'avatar') {
      this.#avatar = new AvatarOnPlain(this.#port);
      return this.#avatar.output;
    }
    const other = new PlainOutput(this.#port);
    other.comes();
    return other.output;
  }

  #listener(step: ListenerStep): void {
    switch (step.do) {
      case 'comes':
        this.#comes();
        return;
      case 'leaves':
        this.#listening.leaves?.();
        this.#leftAtMs = this.#time.nowMs();
        this.#ear.cannotHear(this.#leftAtMs);
        return;
      case 'reloads':
        this.#reloads();
        return;
      case 'companion_mutes':
        this.#listening.setCompanionMuted?.(true);
        // Where all count, what one does not hear is not heard.
        if (this.#audience === 'all')
          this.#ear.cannotHear(this.#time.nowMs(), 'can_be_known', 'muted');
        return;
      case 'companion_unmutes':
        this.#listening.setCompanionMuted?.(false);
        this.#ear.canHear(this.#time.nowMs());
        return;
      case 'mutes':
        // Where one is enough, the other hears it.
        if (this.#audience === 'any') this.#listening.setMuted?.(true);
        else
          this.#ear.cannotHear(
            this.#time.nowMs() + (this.#listening.setMuted?.(true) ?? 0),
            this.#whatHeDoesIsKnown,
            'muted',
          );
        return;
      case 'unmutes':
        this.#ear.canHear(this.#time.nowMs() + (this.#listening.setMuted?.(false) ?? 0));
        return;
      case 'companion_leaves':
        this.#listening.companionLeaves?.();
        return;
      case 'network_goes':
        this.#listening.networkGoes?.();
        if (this.#listenerKind !== 'page')
          this.#ear.cannotHear(
            this.#time.nowMs(),
            this.#isGoneShortly(step.atMs) ? 'cannot_be_known' : this.#whatHeDoesIsKnown,
            'cut_off',
          );
        return;
      case 'network_returns':
        this.#listening.networkReturns?.();
        this.#ear.canHear(this.#time.nowMs());
        return;
      case 'visits_anew':
        this.#listening.visitsAnew?.();
        return;
      case 'closes_reporter':
        this.#listening.closesReporter?.();
        return;
      case 'worker_dies':
        (this.#avatar ?? this.#listening).workerDies?.();
        return;
    }
  }

  /** So short that a reporter may look for no piece meanwhile, and no ping stays without an answer for long. */
  #isGoneShortly(goesAtMs: number): boolean {
    const back = this.#scenario.steps.find(
      (step) => step.do === 'network_returns' && step.atMs > goesAtMs,
    );
    return back !== undefined && back.atMs - goesAtMs <= UNNOTICED_MS;
  }

  get #audience(): 'any' | 'all' | undefined {
    return this.#scenario.ear?.companion?.audience;
  }

  get #listenerKind(): string {
    return this.#side === 'plain' ? 'plain' : (this.#scenario.ear?.listener ?? 'device');
  }

  /** Nobody tells what he does who cannot report. It is the same man on both sides. */
  get #whatHeDoesIsKnown(): DeafnessKnown {
    const { listener } = this.#scenario.ear ?? {};
    return listener === 'room_without_reporter' ? 'cannot_be_known' : 'can_be_known';
  }

  /** What is on its way to the old page, up to the end of the block that left last, the new one does not get. */
  #reloads(): void {
    const { pathMs = USUAL_PATH_MS } = this.#scenario.ear ?? {};
    this.#listening.leaves?.();
    this.#ear.cannotHear(this.#time.nowMs());
    this.#listening.comes?.();
    this.#ear.canHear(this.#time.nowMs() + pathMs + BLOCK_MS);
  }

  /** What was on its way to him when he left does not reach him on his next visit. */
  #comes(): void {
    const { pathMs = USUAL_PATH_MS } = this.#scenario.ear ?? {};
    this.#listening.comes?.();
    const nowMs = this.#time.nowMs();
    this.#ear.canHear(
      Math.max(nowMs, (this.#leftAtMs ?? Number.NEGATIVE_INFINITY) + pathMs + BLOCK_MS),
    );
  }

  /** @returns Whether the session closed within ten seconds. */
  async #close(): Promise<boolean> {
    let isClosed = false;
    void this.#session.close().finally(() => {
      isClosed = true;
    });
    return await this.#time.until(() => isClosed, LONGEST_CLOSE_MS);
  }
}
