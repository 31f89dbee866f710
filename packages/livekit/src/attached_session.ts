import { voice } from '@livekit/agents';
import {
  type AgentMs,
  type AgentStateName,
  type Audibility,
  type Clock,
  type MarkOptions,
  OncueError,
  type OncueEvent,
  type OncueEventOf,
  Timeline,
  type TimelineSetup,
  type TimelineView,
  type TurnId,
} from '@oncue/core';
import { TraceRecorder } from '@oncue/core/trace';
import {
  type AfterHeard,
  type AfterHeardFunction,
  type AfterHeardOptions,
  afterHeard,
  type SpokenSpeech,
} from './after_heard.ts';
import { noteSession } from './agent/hooked_agents.ts';
import { followSaidAudio } from './agent/said_audio.ts';
import { currentSpeech } from './agent/speech.ts';
import { checkMarkOfSpeech } from './agent/speech_marks.ts';
import { currentTurn, UNTRACKED_TURN } from './agent/turn_storage.ts';
import type { CommonOptions, ListenerOptions } from './attach_options.ts';
import { FailOpen } from './fail_open.ts';
import { LatestEnds } from './latest_ends.ts';
import type { CaptionFeed } from './listeners/captions/caption_feed.ts';
import type { ListenerDevice } from './listeners/listener_device.ts';
import { ListenerLink } from './listeners/listener_link.ts';
import { PlayoutHolds } from './listeners/playout_holds.ts';
import { checkInternals } from './livekit_internals/check_internals.ts';
import { MissingFacts } from './livekit_internals/missing_facts.ts';
import { chainFrom } from './livekit_internals/output/audio_chain.ts';
import { PIPELINE_WAIT } from './livekit_internals/output/pipeline_wait.ts';
import { removeMessage } from './livekit_internals/session/agent_chat.ts';
import {
  AGENT_STATE,
  applyAgentState,
  canSetAgentState,
} from './livekit_internals/session/agent_state.ts';
import { isSpeechWaiting } from './livekit_internals/session/running_activity.ts';
import { before, followAgents } from './livekit_internals/session/serving_agents.ts';
import { isDone } from './livekit_internals/session/speech_flow.ts';
import { toEpochMs } from './node_clock.ts';
import type { OncueSession } from './oncue_session.ts';
import { ChatCorrection, heardOfCaption } from './output/chat_correction.ts';
import { FrameOwners } from './output/frame_owners.ts';
import { OncueOutput } from './output/oncue_output.ts';
import { OtherOutputs } from './output/other_outputs.ts';
import { setPlainOutput } from './output/plain_output.ts';
import { adaptCaptions } from './output/session_captions.ts';
import { AbsenceState } from './output/state/absence_state.ts';
import { CutEnd } from './output/state/cut_end.ts';
import { ThinkingSoundEnd } from './output/state/thinking_sound_end.ts';
import { SessionSpeeches } from './session_speeches.ts';

/** What `attachOncue` gives a session that is attached. */
interface AttachedOptions extends CommonOptions, ListenerOptions {
  readonly clock: Clock;
  readonly inRoom: boolean;
  /** What sends captions to the pages of the room. */
  readonly captions?: CaptionFeed;
}

type Recording = NonNullable<TimelineSetup['record']>;

/** Oncue in one session: makes its parts and connects them. */
export class AttachedSession implements OncueSession {
  readonly #timeline: Timeline;
  readonly #session: voice.AgentSession;
  readonly #listener: ListenerDevice;
  readonly #inRoom: boolean;
  readonly #link: ListenerLink;
  readonly #clock: Clock;
  readonly #closeDeadlineMs: number | undefined;
  readonly #failOpen: FailOpen = new FailOpen();
  readonly #missing: MissingFacts = new MissingFacts();
  readonly #speeches: SessionSpeeches;
  readonly #chatCorrection: ChatCorrection;
  readonly #latestEnds: LatestEnds;
  readonly #absence: AbsenceState;
  readonly #thinkingSound: ThinkingSoundEnd;
  /** Fulfilled when the application has been told that Oncue is over, while the session goes on. */
  #detached: Promise<void> | undefined;
  /** `session.start` was called. */
  #isStarted = false;
  #isOver = false;

  constructor(session: voice.AgentSession, options: AttachedOptions) {
    this.#session = session;
    this.#listener = options.listener;
    this.#inRoom = options.inRoom;
    this.#clock = options.clock;
    this.#closeDeadlineMs = options.closeDeadlineMs;
    checkInternals(session, this.#missing, options);
    this.#timeline = this.#makeTimeline(options);
    this.#chatCorrection = new ChatCorrection({
      nothingHeard: (message) => removeMessage(session, message),
      corrected: (of) => this.#timeline.messageCorrected(of),
      latestOutcomes: () => this.#latestEnds.all,
    });
    const { pauseReaches, clearReaches } = options.listener;
    const holds = new PlayoutHolds(this.#timeline, pauseReaches ?? clearReaches);
    const timeline = this.#timeline;
    const { listener } = options;
    const clock = this.#clockOf('the listener');
    this.#link = new ListenerLink({ listener, timeline, clock, holds });
    this.#speeches = new SessionSpeeches({
      session,
      timeline,
      missing: this.#missing,
      failOpen: this.#failOpen,
      sampleRateHz: listener.sampleRateHz,
      audioMade: (id) => output.audioMade(id),
      transcriptOf: (id) => others.transcriptOf(id) ?? listener.transcriptOf?.(id),
      stopPlayout: () => output.clearBuffer(),
      reviewOutput: () =>
        this.#failOpen.run('looking at the output', () => others.review(), undefined),
    });
    this.#latestEnds = new LatestEnds({
      timeline,
      clock: options.clock,
      speeches: this.#speeches,
    });
    const isLive = (turn: TurnId): boolean => this.#isLive(turn);
    this.#absence = new AbsenceState({
      session,
      timeline,
      clock: this.#clockOf('an absence'),
      isLive,
      failOpen: this.#failOpen,
    });
    timeline.onAny((event) => {
      this.#speeches.follow(event);
      this.#absence.follow(event);
      this.#chatCorrection.follow(event);
    });
    this.#thinkingSound = new ThinkingSoundEnd({
      session,
      timeline,
      clock: this.#clockOf('the thinking sound'),
      failOpen: this.#failOpen,
    });
    const frames = new FrameOwners({ owner: this.#speeches, missing: this.#missing });
    const output = this.#makeOutput(holds, frames);
    const others = this.#makeOtherOutputs(holds, frames, output);
    timeline.onAny((event) => others.follow(event));
    session.output.audio = output;
    this.#followSession(output);
  }

  get timeline(): TimelineView {
    return this.#timeline.view;
  }

  get audibility(): Audibility {
    return this.#timeline.state.audibility;
  }

  on<T extends OncueEvent['type']>(
    type: T,
    listener: (event: OncueEventOf<T>) => void,
  ): () => void {
    return this.timeline.on(type, listener);
  }

  onAny(listener: (event: OncueEvent) => void): () => void {
    return this.timeline.onAny(listener);
  }

  nowMs(): AgentMs {
    return this.#clock.nowMs();
  }

  toEpochMs(instantMs: AgentMs): number {
    return toEpochMs(instantMs);
  }

  agentTurnContextOf(speechId: string): object | undefined {
    return this.#speeches.agentTurnContextOf(speechId);
  }

  queueAgentState(state: AgentStateName): void {
    const turn = currentTurn();
    if (turn === UNTRACKED_TURN) return;
    if (currentSpeech()?.timeline !== this.#timeline && !this.#speeches.ofTurn(turn.id)) {
      throw new OncueError(
        'ONCUE_NO_TURN',
        'the turn being generated here belongs to another session; call currentTurn().queueAgentState() instead',
      );
    }
    turn.queueAgentState(state);
  }

  markSpeech(
    speech: SpokenSpeech,
    name: string,
    options: MarkOptions & { readonly textOffset: number },
  ): void {
    checkMarkOfSpeech(speech, name, options);
    this.#speeches.markSpeech(speech, name, options);
  }

  afterHeard(
    speech: SpokenSpeech,
    fn: AfterHeardFunction,
    options: AfterHeardOptions = {},
  ): Promise<AfterHeard> {
    return afterHeard(speech, fn, options, {
      clock: this.#clockOf('afterHeard'),
      heardOf: (one) => this.#speeches.heardOf(one),
      failed: (error) => this.#timeline.callbackFailed('afterHeard', error),
    });
  }

  async close(): Promise<void> {
    if (this.#isStarted && !this.#isOver) await this.#detach();
    else await this.#end();
  }

  /** The session speaks on through Oncue's output, which tells LiveKit what was heard as before [CL2]. */
  #detach(): Promise<void> {
    if (!this.#detached) {
      this.#detached = this.#timeline.detach(this.#closeDeadlineMs);
      this.#speeches.detach();
    }
    return this.#detached;
  }

  async #end(): Promise<void> {
    this.#isOver = true;
    const closed = this.#timeline.close(this.#closeDeadlineMs);
    this.#speeches.close();
    // Tasks may run on for a while; the sound does not.
    this.#listener.send({ type: 'clear' });
    await Promise.all([closed, this.#detached]);
    this.#link.close();
    this.#listener.close();
  }

  /** For the timers of one part. */
  #clockOf(part: string): Clock {
    return this.#failOpen.clock(this.#clock, part);
  }

  #makeTimeline({ trace, timeline: options, captions }: AttachedOptions): Timeline {
    const withOptions = options ? { options } : {};
    const recorder =
      trace && new TraceRecorder(trace, { ...withOptions, epochAtZeroMs: toEpochMs(0 as AgentMs) });
    return new Timeline({
      clock: this.#clockOf('the timeline'),
      ...withOptions,
      ...(captions ? { record: this.#sharing(captions, recorder) } : {}),
      ...(recorder && !captions ? { record: recorder.record } : {}),
      applyState: (event) =>
        this.#failOpen.run('applying a state', () => this.#applyState(event), undefined),
    });
  }

  /** A trace that cannot be written ends the trace only. */
  #sharing(captions: CaptionFeed, recorder: TraceRecorder | undefined): Recording {
    let record = recorder?.record;
    return (input, events) => {
      const share = (): void => captions.take(input, events, this.#timeline.state);
      this.#failOpen.run('sharing captions', share, undefined);
      try {
        record?.(input, events);
      } catch (error) {
        record = undefined;
        this.#timeline.callbackFailed('record', error);
      }
    };
  }

  #makeOtherOutputs(holds: PlayoutHolds, frames: FrameOwners, output: OncueOutput): OtherOutputs {
    return new OtherOutputs({
      session: this.#session,
      ours: output,
      link: this.#link,
      timeline: this.#timeline,
      clock: this.#clockOf('another output'),
      holds,
      failOpen: this.#failOpen,
      sampleRateHz: this.#listener.sampleRateHz,
      // An output that was followed goes on without Oncue.
      responseOf: (frame, open) => (this.#isOver ? undefined : frames.of(frame, open)),
      isInterrupted: () => this.#speeches.isInterruptedHere,
      cutBy: () => this.#speeches.cutBy(),
    });
  }

  #isLive(turn: TurnId): boolean {
    const handle = this.#speeches.ofTurn(turn)?.handle;
    return handle !== undefined && !handle.interrupted && !isDone(handle);
  }

  #makeOutput(holds: PlayoutHolds, frames: FrameOwners): OncueOutput {
    const timeline = this.#timeline;
    const missing = this.#missing;
    const failOpen = this.#failOpen;
    const session = this.#session;
    const cutEnd = new CutEnd({ session, timeline, clock: this.#clockOf('a cut'), failOpen });
    const output: OncueOutput = new OncueOutput({
      timeline,
      clock: this.#clockOf('the output'),
      listener: this.#listener,
      holds,
      holdMessages: (handOver) => this.#link.holdMessages(handOver),
      unansweredSinceMs: () => this.#link.unansweredSinceMs,
      failOpen,
      responseOf: (frame, open) => frames.of(frame, open),
      segmentBegins: (reportSegment) => {
        this.#thinkingSound.reviewSoon();
        return adaptCaptions({ session, ours: output, missing, failOpen, reportSegment });
      },
      nobodyWaits: () => missing.add(PIPELINE_WAIT),
      heardCaption: (heard) =>
        this.#speeches.transcriptOf(heard) ?? heardOfCaption(heard, this.#speeches.spokenOf(heard)),
      isInterrupted: () => this.#speeches.isInterruptedHere,
      orInterrupted: (until) => this.#speeches.orInterrupted(until),
      isSpeechWaiting: () => isSpeechWaiting(session),
      cutBy: () => this.#speeches.cutBy(),
      afterCut: () => cutEnd.cut(),
      cutByForce: () => this.#latestEnds.cutByForce,
    });
    return output;
  }

  /** LiveKit runs these inside its own code, where an error would end what it is doing. */
  #followSession(output: OncueOutput): void {
    const { AgentSessionEventTypes: Events } = voice;
    const failOpen = this.#failOpen;
    const speeches = this.#speeches;
    noteSession(this.#session);
    before(this.#session, 'start', () =>
      failOpen.run('beginning a session', () => this.#starts(output), undefined),
    );
    followAgents(this.#session, (agent) => speeches.hookAgent(agent));
    followSaidAudio(this.#session, {
      failOpen,
      isOver: () => this.#isOver,
      brokeOff: (handle, error) => speeches.audioBrokeOff(handle, error),
    });
    this.#session.on(Events.SpeechCreated, (event) => speeches.begin(event));
    // Handlers that were there before are given the corrected message too.
    this.#session.prependListener(Events.ConversationItemAdded, (event) =>
      failOpen.run('correcting a message', () => this.#correct(event), undefined),
    );
    this.#session.on(Events.Error, (event) =>
      failOpen.run('reporting a synthesis that failed', () => this.#noteError(event), undefined),
    );
    this.#session.on(Events.Close, () => {
      this.#end().catch((error: unknown) => failOpen.report('closing', error));
    });
  }

  /** A session that starts after Oncue is over must not play into an output that is closed. */
  #starts(output: OncueOutput): void {
    this.#isStarted = true;
    const session = this.#session;
    if (!this.#isOver || !chainFrom(session.output.audio).includes(output)) return;
    session.output.audio = null;
    if (!this.#inRoom) setPlainOutput(session, { listener: this.#listener, why: 'closed' });
  }

  #correct({ item }: voice.ConversationItemAddedEvent): void {
    const speech = this.#speeches.ofMessage();
    if (speech && item.type === 'message') this.#chatCorrection.correct(item, speech);
  }

  #noteError({ error }: voice.ErrorEvent): void {
    if (error.type === 'tts_error' && !error.recoverable) this.#speeches.synthesisFailed(error);
  }

  #applyState(event: OncueEventOf<'agent_state_applied'>): unknown {
    // The application queued it, and is not there any more.
    if (this.#detached && event.source !== 'playback') return undefined;
    const speech = this.#speeches.ofTurn(event.turnId);
    if (!canSetAgentState(this.#session)) this.#missing.add(AGENT_STATE);
    if (!speech || this.#missing.has(AGENT_STATE)) return undefined;
    const isFirstStart = event.source === 'playback' && speech.noteStart(event.turnId);
    if (event.source === 'playback' && this.#absence.isSilent) return undefined;
    const { handle, startedAtMs } = speech;
    const startedAtEpochMs = startedAtMs === undefined ? undefined : toEpochMs(startedAtMs);
    return applyAgentState(this.#session, event, { handle, isFirstStart, startedAtEpochMs });
  }
}
