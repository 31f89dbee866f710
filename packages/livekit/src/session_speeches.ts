import { llm, tts, type voice } from '@livekit/agents';
import {
  type CutBy,
  type MarkOptions,
  OncueError,
  type OncueEvent,
  type OncueEventOf,
  type ResponseId,
  type Timeline,
  type TurnId,
} from '@oncue/core';
import { perhapsHeard } from '@oncue/core/internal';
import type { SpokenSpeech } from './after_heard.ts';
import { hookAgent } from './agent/agent_hooks.ts';
import { CutCauses } from './agent/cut_causes.ts';
import { type AgentOwner, canDeclare, setOwner } from './agent/hooked_agents.ts';
import { noteFailure } from './agent/observed_streams.ts';
import {
  enterSpeech,
  inSpeech,
  Speech,
  type SpeechPort,
  type SpokenResponse,
  speechHere,
  spokenResponseStorage,
} from './agent/speech.ts';
import { markOfAnswer } from './agent/speech_marks.ts';
import { synthesisFailed } from './agent/tagged_frames.ts';
import { turnStorage, UNTRACKED_TURN } from './agent/turn_storage.ts';
import { orInterrupted } from './agent/until_interrupted.ts';
import type { FailOpen } from './fail_open.ts';
import { checkAgent } from './livekit_internals/check_internals.ts';
import { memberOf } from './livekit_internals/members.ts';
import type { MissingFacts } from './livekit_internals/missing_facts.ts';
import { chainFrom } from './livekit_internals/output/audio_chain.ts';
import { NO_VOICE, saysNoVoice } from './livekit_internals/output/no_voice.ts';
import {
  showCaptionsAsWritten,
  WRITTEN_CAPTIONS,
} from './livekit_internals/output/written_captions.ts';
import {
  AGENT_TURN,
  agentTurnContextOf,
  hasAgentTurn,
} from './livekit_internals/session/agent_turn.ts';
import { maySpeak } from './livekit_internals/session/running_activity.ts';
import {
  createdSpeech,
  isDone,
  isScheduled,
  SPEECH_FLOW,
} from './livekit_internals/session/speech_flow.ts';

/** What the speeches need of their session. */
export interface SessionSpeechesPort {
  readonly session: voice.AgentSession;
  readonly timeline: Timeline;
  readonly missing: MissingFacts;
  readonly failOpen: FailOpen;
  readonly sampleRateHz: number;
  readonly audioMade: (id: ResponseId) => void;
  /** The words that the listener says were played of a response that has just ended. */
  readonly transcriptOf: (id: ResponseId) => string | undefined;
  /** Stops what is on its way to the listener. */
  readonly stopPlayout: () => void;
  /** Looks whether the session's output is still Oncue's. */
  readonly reviewOutput: () => void;
}

/** Which response has ended. */
type Ended = Pick<OncueEventOf<'response_skipped'>, 'responseId' | 'speechId'>;

/** The error event of a synthesis; LiveKit does not export its type. */
interface SynthesisError {
  readonly label: string;
  readonly error: Error;
}

/** Which session a speech is of. */
const sessions = new WeakMap<SpokenSpeech, SessionSpeeches>();
const ofSession = new WeakMap<voice.AgentSession, SessionSpeeches>();

/** The response of a session that an event is about, with its caption; `undefined` if its speech is over or not followed. */
export function spokenIn(session: voice.AgentSession, of: Ended): SpokenResponse | undefined {
  return ofSession.get(session)?.spokenOf(of);
}

/** The speeches of a session that are not over. */
export class SessionSpeeches implements AgentOwner {
  readonly #port: SessionSpeechesPort;
  /** Also those that are over, as long as the application has their handle. */
  readonly #byHandle = new WeakMap<SpokenSpeech, Speech>();
  /** Those of `generateReply`. */
  readonly #replies = new WeakSet<SpokenSpeech>();
  readonly #cutCauses: CutCauses;
  readonly #live = new Map<string, Speech>();
  /** Speeches that are not over, or of which a response has not ended. */
  readonly #undecided = new Map<string, Speech>();
  readonly #checked = new WeakSet<voice.Agent>();
  #hasBegun = false;
  #isOver = false;

  constructor(port: SessionSpeechesPort) {
    this.#port = port;
    ofSession.set(port.session, this);
    this.#cutCauses = new CutCauses(port);
  }

  /**
   * LiveKit made a speech. Called in the run of code that then starts the speech's task, so the task inherits what is
   * stored here.
   *
   * @param event - `SpeechCreated`, as LiveKit emits it.
   */
  begin(event: unknown): void {
    const { failOpen, session, missing } = this.#port;
    const agent = memberOf(session, 'currentAgent') as voice.Agent | undefined;
    if (agent) this.hookAgent(agent);
    if (!this.#isOver) this.#port.reviewOutput();
    const created = createdSpeech(event);
    let speech: Speech | undefined;
    if (this.#isOver) speech = undefined;
    else if (typeof created === 'string') missing.add(SPEECH_FLOW, created);
    else speech = failOpen.run('beginning a speech', () => this.#follow(created), undefined);
    if (speech && memberOf(event, 'source') === 'generate_reply') this.#replies.add(speech.handle);
    this.#hasBegun = true;
    enterSpeech(speech);
    // Its agent is spoken as LiveKit speaks it.
    if (!speech || !agent || !canDeclare(agent)) turnStorage.enterWith(UNTRACKED_TURN);
  }

  #follow(handle: voice.SpeechHandle): Speech {
    const { failOpen, missing } = this.#port;
    failOpen.run('adapting captions', () => this.#adaptToVoice(), undefined);
    if (!hasAgentTurn(handle)) missing.add(AGENT_TURN);
    failOpen.run('watching a speech', () => this.#cutCauses.watch(handle), undefined);
    const speech = this.#make(handle);
    handle.addDoneCallback(() =>
      failOpen.run('ending a speech', () => this.#end(speech), undefined),
    );
    this.#byHandle.set(handle, speech);
    sessions.set(handle, this);
    this.#live.set(handle.id, speech);
    this.#undecided.set(handle.id, speech);
    return speech;
  }

  /** An agent serves in the session. Called many times for each. */
  hookAgent(agent: voice.Agent): void {
    const { failOpen, missing } = this.#port;
    setOwner(agent, this);
    hookAgent(agent, failOpen);
    if (this.#checked.has(agent)) return;
    this.#checked.add(agent);
    failOpen.run('checking an agent', () => checkAgent(agent, missing), undefined);
  }

  /** Without a voice nothing sets the pace of captions. A model that speaks by itself does. */
  #adaptToVoice(): void {
    const { session, missing } = this.#port;
    const { currentAgent, output } = session;
    const speaks = (currentAgent.llm ?? session.llm) instanceof llm.RealtimeModel;
    if (!output.audioEnabled) return;
    const isKnown = showCaptionsAsWritten(chainFrom(output.audio), !speaks && !this.#voice);
    if (!isKnown) missing.add(WRITTEN_CAPTIONS);
  }

  get #voice(): tts.TTS | undefined {
    const { session } = this.#port;
    return session.currentAgent.tts ?? session.tts;
  }

  #make(handle: voice.SpeechHandle): Speech {
    const { timeline, failOpen, sampleRateHz, audioMade } = this.#port;
    const turnBegins = this.#port.reviewOutput;
    const isWithoutVoice: SpeechPort['isWithoutVoice'] = (error, of) =>
      this.#isWithoutVoice(error, of);
    return new Speech(
      { timeline, failOpen, sampleRateHz, audioMade, isWithoutVoice, turnBegins },
      handle,
    );
  }

  /** A session without a voice is no failure [LK12]. */
  #isWithoutVoice(error: unknown, { isDefault }: { readonly isDefault: boolean }): boolean {
    if (this.#voice) return false;
    if (saysNoVoice(error)) return true;
    if (isDefault) this.#port.missing.add(NO_VOICE);
    return isDefault;
  }

  #end(speech: Speech): void {
    const { handle } = speech;
    this.#live.delete(handle.id);
    // An interruption between two responses has not stopped the one before.
    if (handle.interrupted && speech.isAudible) inSpeech(speech, () => this.#port.stopPlayout());
    // A reply that LiveKit generated early and never scheduled was discarded, so nothing was cut.
    speech.end(handle.interrupted && isScheduled(handle) ? this.#cutCauses.of(handle) : undefined);
    this.#forgetDecided(speech);
  }

  /** Notes how each response ends, on its speech. */
  follow(event: OncueEvent): void {
    if (!('responseId' in event)) return;
    const speech = this.#undecided.get(event.speechId ?? '');
    if (!speech) return;
    if (event.type === 'response_playback_started') speech.startedAtMs = event.startedAtMs;
    if (event.type === 'response_declared') speech.undecided.add(event.responseId);
    if (event.type !== 'response_playback_finished' && event.type !== 'response_skipped') return;
    speech.outcomes.set(event.responseId, event);
    const perhaps = perhapsHeard(this.#port.timeline.state, event.responseId);
    if (perhaps) speech.perhapsHeard.set(event.responseId, perhaps);
    const transcript = this.#port.transcriptOf(event.responseId);
    if (transcript !== undefined) speech.transcripts.set(event.responseId, transcript);
    speech.undecided.delete(event.responseId);
    this.#forgetDecided(speech);
  }

  /** What runs in the speech's context has it still. */
  #forgetDecided(speech: Speech): void {
    const { handle, undecided } = speech;
    if (!isDone(handle) || undecided.size > 0) return;
    this.#undecided.delete(handle.id);
    speech.decided(handle.interrupted);
  }

  /**
   * What becomes known of a speech; `undefined` if it is not followed.
   *
   * @throws OncueError `ONCUE_BAD_OPTION` for a speech of another session.
   */
  heardOf(handle: SpokenSpeech): Speech['heard'] | undefined {
    this.#assertOwn(handle);
    return this.#byHandle.get(handle)?.heard;
  }

  /**
   * Places a mark in what a speech without an `llmNode` says. One that is not followed has no marks.
   *
   * @throws OncueError `ONCUE_BAD_OPTION` for an answer of an `llmNode` and for a speech of another session, `ONCUE_TURN_ENDED` when the text was read to its end.
   */
  markSpeech(handle: SpokenSpeech, name: string, options: MarkOptions): void {
    this.#assertOwn(handle);
    const { session } = this.#port;
    const model = memberOf(memberOf(session, 'currentAgent'), 'llm') ?? memberOf(session, 'llm');
    if (this.#replies.has(handle) && !(model instanceof llm.RealtimeModel)) throw markOfAnswer();
    this.#byHandle.get(handle)?.marks.place(name, options);
  }

  /** A speech that no session with Oncue follows is not refused: it may be one that Oncue failed to follow [LK11]. */
  #assertOwn(handle: SpokenSpeech): void {
    if ((sessions.get(handle) ?? this) === this) return;
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `the speech ${handle.id} is of another session; use what attachOncue returned for that session`,
    );
  }

  /** For the application, what was not heard by now will not be heard. Speeches are followed on [CL2]. */
  detach(): void {
    for (const speech of this.#undecided.values()) speech.decided(true);
  }

  /** The session is closed. If it starts again, it speaks as LiveKit does alone. */
  close(): void {
    this.#isOver = true;
    this.detach();
  }

  onlySpeech(): Speech | undefined {
    const [first, second] = [...this.#live.values()].filter(({ handle }) => !isDone(handle));
    return second ? undefined : first;
  }

  get isSpeechUnclear(): boolean {
    const live = [...this.#live.values()].filter(({ handle }) => !isDone(handle));
    // Before the first speech the application may call a node itself.
    return live.length > 1 || (!this.#hasBegun && maySpeak(this.#port.session));
  }

  speechLost(): void {
    this.#port.missing.add(SPEECH_FLOW);
  }

  /** The speech whose message LiveKit adds to the conversation now. It may be over by then. */
  ofMessage(): Speech | undefined {
    return speechHere();
  }

  /** The speech of the running code was interrupted. */
  get isInterruptedHere(): boolean {
    return speechHere()?.handle.interrupted ?? false;
  }

  /** Resolves with `until`, or as soon as the speech of the running code is interrupted. */
  async orInterrupted(until: Promise<void>): Promise<void> {
    const handle = speechHere()?.handle;
    await (handle ? orInterrupted(handle, until, this.#port.failOpen) : until);
  }

  /** What stops the playout now, by the speech whose code does it. */
  cutBy(): CutBy {
    const handle = speechHere()?.handle;
    return handle?.interrupted ? this.#cutCauses.of(handle) : 'not_known';
  }

  /** Whether the speech whose code runs now was interrupted by force. */
  isCutByForce(): boolean {
    const handle = speechHere()?.handle;
    return handle !== undefined && this.#cutCauses.isForced(handle);
  }

  /** The OpenTelemetry context of the span of a speech that is not over, or of which a response has not ended. */
  agentTurnContextOf(speechId: string): object | undefined {
    const speech = this.#undecided.get(speechId);
    return speech && agentTurnContextOf(speech.handle);
  }

  ofTurn(id: TurnId): Speech | undefined {
    return [...this.#live.values()].find((speech) => speech.hasTurn(id));
  }

  /** What the listener says was played of the response that an event is about. */
  transcriptOf({ responseId, speechId }: Ended): string | undefined {
    return this.#undecided.get(speechId ?? '')?.transcripts.get(responseId);
  }

  /** The response that an event is about, with its caption; `undefined` if its speech is over or not followed. */
  spokenOf({ responseId, speechId }: Ended): SpokenResponse | undefined {
    return this.#undecided.get(speechId ?? '')?.spoken(responseId);
  }

  /** The frames that the application gave `say` broke off [RS7]. */
  audioBrokeOff(handle: unknown, error: unknown): void {
    const speech = this.#byHandle.get(handle as SpokenSpeech);
    const spoken = speech?.responses.at(-1);
    if (speech && spoken) synthesisFailed(spoken, speech, error);
  }

  /**
   * A synthesis reports its failure by an event and ends its audio as if nothing were wrong (`tts/tts.ts`). So does one
   * that another then stands in for: only the end of the audio tells.
   */
  synthesisFailed({ label, error }: SynthesisError): void {
    const voice = this.#voice;
    // The adapter reports with its own label when none of its voices speaks.
    if (voice instanceof tts.FallbackAdapter && label !== voice.label) return;
    const detail = error.message;
    const making = [...this.#live.values()].flatMap((speech) => [...speech.synthesizing]);
    const current = spokenResponseStorage.getStore();
    // Reported outside of any response, it can be assigned only when one is being made.
    const spoken = current ?? (making.length === 1 ? making[0] : undefined);
    if (!spoken) return;
    if (making.includes(spoken)) noteFailure(spoken, detail);
    else this.#port.timeline.responseFailed(spoken.response.id, detail);
  }
}
