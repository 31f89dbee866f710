import type { voice } from '@livekit/agents';
import type {
  AgentMs,
  CutBy,
  DeclaredResponse,
  ResponseId,
  Timeline,
  Turn,
  TurnId,
} from '@oncue/core';
import {
  isAudible,
  KnownOnce,
  type Outcome,
  type PerhapsHeard,
  splitWords,
} from '@oncue/core/internal';
import { type SpeechHeard, speechHeard } from '../after_heard.ts';
import type { FailOpen } from '../fail_open.ts';
import { isDone } from '../livekit_internals/session/speech_flow.ts';
import { AsyncContext } from './async_context.ts';
import { SpeechMarks } from './speech_marks.ts';

/** One response on its way from text to audio, as the wrapped nodes of the agent see it. */
export interface SpokenResponse {
  readonly turn: Turn;
  readonly response: DeclaredResponse;
  /** The text that is shown and stored for the response: what `transcriptionNode` made of it. */
  caption: string;
  /**
   * More of the caption may come, and it will be the text itself: LiveKit's own `transcriptionNode` has not given all of it.
   * What another node does not show, it may leave out on purpose.
   */
  mayCaptionGoOn: boolean;
  /** Its captions were asked for: it is shown. */
  isShown: boolean;
  /** Audio of it was asked of a voice, or came without one. What is shown and not voiced is written [LK16]. */
  isVoiced: boolean;
  /** A failure that was reported beside its audio. Whether the audio broke off is known at its end [RS7]. */
  failure: string | undefined;
  /** Its audio, once it is read. `isWaiting`: the next is being waited for, and all that was made has come. */
  audio: { readonly isWaiting: boolean } | undefined;
  /** All audio that was made before `failure` has come. */
  isDrained: boolean;
}

/** What a speech needs from its session. */
export interface SpeechPort {
  readonly timeline: Timeline;
  readonly failOpen: FailOpen;
  /** The rate at which the listener counts samples. */
  readonly sampleRateHz: number;
  /** Called when the first audio of a response was synthesised. */
  readonly audioMade: (id: ResponseId) => void;
  /** Whether a synthesis threw because there is no voice. */
  readonly isWithoutVoice: (error: unknown, of: { readonly isDefault: boolean }) => boolean;
  /** A turn is about to begin. */
  readonly turnBegins: () => void;
}

/**
 * One LiveKit speech (a `SpeechHandle`) and its turns: one for each `llmNode` run of a tool loop, or one implicit turn
 * for each text that comes without an `llmNode` (`say`, a realtime message).
 *
 * The pipeline calls `transcriptionNode` and `ttsNode` once for each response, in the order of the responses
 * (`forwardSegment` and `produceSegments` in `voice/agent_activity.ts`). That order is how a call finds its response.
 */
export class Speech {
  readonly timeline: Timeline;
  readonly failOpen: FailOpen;
  /** The rate at which the listener counts the samples of this session. */
  readonly sampleRateHz: number;
  /** Responses that are being synthesised now. */
  readonly synthesizing: Set<SpokenResponse> = new Set();
  /** How the responses of this speech ended, kept as long as the speech is. */
  readonly outcomes: Map<ResponseId, Outcome> = new Map();
  /** What may have been heard of those of which that is not known. */
  readonly perhapsHeard: Map<ResponseId, PerhapsHeard> = new Map();
  /** What the carrier said that it played of its responses, where it says so. */
  readonly transcripts: Map<ResponseId, string> = new Map();
  /** Responses that have not ended. */
  readonly undecided: Set<ResponseId> = new Set();
  /** When its latest response began to be heard. */
  startedAtMs: AgentMs | undefined;
  /** How much of it was heard, once it is over and all of its responses have ended. */
  readonly heard: KnownOnce<SpeechHeard> = new KnownOnce();
  readonly handle: voice.SpeechHandle;
  /** Of what `say` speaks. */
  readonly marks: SpeechMarks = new SpeechMarks();
  /** The responses of the turn that the next chat message belongs to. */
  responses: SpokenResponse[] = [];
  readonly #port: SpeechPort;
  readonly #turns: Turn[] = [];
  readonly #spoken: SpokenResponse[] = [];
  /** What its responses say. */
  readonly #texts = new Map<ResponseId, string>();
  readonly #startedTurns = new Set<TurnId>();
  #awaitingAudio: SpokenResponse[] = [];
  #awaitingCaption: SpokenResponse[] = [];
  /** Responses that have synthesised audio, none of which has reached the output; in order. */
  #awaitingOutput: ResponseId[] = [];
  readonly #implicit = new WeakSet<SpokenResponse>();

  constructor(port: SpeechPort, handle: voice.SpeechHandle) {
    this.timeline = port.timeline;
    this.failOpen = port.failOpen;
    this.sampleRateHz = port.sampleRateHz;
    this.#port = port;
    this.handle = handle;
  }

  /** Whether a `ttsNode` threw because there is no voice. @param of - whether it is LiveKit's own node. */
  isWithoutVoice(error: unknown, of: { readonly isDefault: boolean }): boolean {
    return this.#port.isWithoutVoice(error, of);
  }

  /** The first audio of a response was synthesised. */
  audioMade(id: ResponseId): void {
    this.#awaitingOutput.push(id);
    this.#port.audioMade(id);
  }

  /** The first audio of a response reached the output. */
  audioCame(id: ResponseId): void {
    this.#awaitingOutput = this.#awaitingOutput.filter((one) => one !== id);
  }

  /** The response whose audio must reach the output next. */
  get dueAtOutput(): ResponseId | undefined {
    return this.#awaitingOutput[0];
  }

  openTurn(): Turn {
    this.#port.turnBegins();
    const turnId = `${this.handle.id}_${this.#turns.length}` as TurnId;
    const turn = this.timeline.openTurn({ turnId, speechId: this.handle.id });
    this.#turns.push(turn);
    this.responses = [];
    // The next calls of the pipeline are not about responses that the previous turn left unspoken.
    this.#awaitingAudio = [];
    this.#awaitingCaption = [];
    return turn;
  }

  /** A declared response got its first text. The pipeline will ask for audio and captions in the order of these calls. */
  expect(turn: Turn, response: DeclaredResponse): void {
    const spoken = this.#spokenOf(turn, response);
    this.responses.push(spoken);
    this.#awaitingAudio.push(spoken);
    this.#awaitingCaption.push(spoken);
  }

  /** The response that a `ttsNode` call is for. Opens an implicit one if no declared response waits for audio. */
  takeForAudio(): SpokenResponse {
    const spoken = this.#awaitingAudio.shift() ?? this.#implicitBeforeCaption();
    spoken.isVoiced = true;
    return spoken;
  }

  #implicitBeforeCaption(): SpokenResponse {
    const implicit = this.#implicitResponse();
    this.#awaitingCaption.push(implicit);
    return implicit;
  }

  /** The response that a `transcriptionNode` call is for. */
  takeForCaption(): { readonly spoken: SpokenResponse; readonly isImplicit: boolean } {
    const spoken = this.#awaitingCaption.shift() ?? this.#implicitBeforeAudio();
    spoken.isShown = true;
    // A declared response got its text from the LLM. An implicit one gets it from its captions.
    return { spoken, isImplicit: this.#implicit.has(spoken) };
  }

  #implicitBeforeAudio(): SpokenResponse {
    const implicit = this.#implicitResponse();
    this.#awaitingAudio.push(implicit);
    return implicit;
  }

  #implicitResponse(): SpokenResponse {
    const turn = this.openTurn();
    const response = turn.addText('');
    this.marks.declared(turn);
    const spoken = this.#spokenOf(turn, response);
    this.#implicit.add(spoken);
    this.responses = [spoken];
    return spoken;
  }

  #spokenOf(turn: Turn, response: DeclaredResponse): SpokenResponse {
    const spoken: SpokenResponse = {
      turn,
      response,
      caption: '',
      mayCaptionGoOn: true,
      isShown: false,
      isVoiced: false,
      failure: undefined,
      audio: undefined,
      isDrained: false,
    };
    this.#spoken.push(spoken);
    return spoken;
  }

  /** Text that is to be spoken was added to a response. */
  textAdded(id: ResponseId, text: string): void {
    this.#texts.set(id, (this.#texts.get(id) ?? '') + text);
  }

  /** A response of any of its turns. */
  spoken(id: ResponseId): SpokenResponse | undefined {
    return this.#spoken.find(({ response }) => response.id === id);
  }

  hasTurn(id: TurnId): boolean {
    return this.#turns.some((turn) => turn.id === id);
  }

  /** A response of a turn began to be heard. @returns Whether it is the first of its turn. */
  noteStart(id: TurnId): boolean {
    if (this.#startedTurns.has(id)) return false;
    this.#startedTurns.add(id);
    return true;
  }

  /** Audio of this speech is on its way to the listener. */
  get isAudible(): boolean {
    return isAudible(this.timeline.state, this.handle.id);
  }

  /** Nothing more will become known of it. */
  decided(isCut: boolean): void {
    const hasWords = ({ responseId }: Outcome): boolean =>
      splitWords(this.#texts.get(responseId) ?? '').length > 0;
    this.heard.set(speechHeard([...this.outcomes.values()], isCut, hasWords));
  }

  /** The speech is over: what was not heard by now will not be heard. */
  end(cutBy: CutBy | undefined): void {
    for (const turn of this.#turns) turn.end(cutBy, this.#isWritten(turn));
  }

  /** LiveKit asks for audio before it shows anything, so what is shown without was never to sound. */
  #isWritten(turn: Turn): boolean {
    const responses = this.#spoken.filter((spoken) => spoken.turn === turn);
    return responses.some(({ isShown }) => isShown) && !responses.some(({ isVoiced }) => isVoiced);
  }
}

/**
 * The speech that owns the current async context. LiveKit stores the same, but does not export it.
 *
 * Only a weak reference: each promise keeps the context that it was made in, and a speech holds promises. An application
 * that begins one speech after another would keep all of them, each through the next [LK28].
 */
const speechContext = new AsyncContext<WeakRef<Speech> | undefined>('speech');
const refs = new WeakMap<Speech, WeakRef<Speech>>();

function refOf(speech: Speech): WeakRef<Speech> {
  const ref = refs.get(speech) ?? new WeakRef(speech);
  refs.set(speech, ref);
  return ref;
}

/** Whether the running code was started by a speech that Oncue follows, over or not. */
export function isInSpeech(): boolean {
  return speechContext.getStore() !== undefined;
}

/** The speech that the running code belongs to. It may be over; long after its end it is `undefined`. */
export function speechHere(): Speech | undefined {
  return speechContext.getStore()?.deref();
}

/** Runs a function, and all that it starts, as code of a speech. */
export function inSpeech<R>(speech: Speech, work: () => R): R {
  return speechContext.run(refOf(speech), work);
}

/** The rest of the running code, and all that it starts, belongs to a speech; with `undefined` to none. */
export function enterSpeech(speech: Speech | undefined): void {
  speechContext.enterWith(speech && refOf(speech));
}

/**
 * The speech that the running code belongs to, unless it is over. LiveKit starts a speech in the async context of its
 * caller, so later code of that caller could find a speech that has ended and no longer concerns it.
 */
export function currentSpeech(): Speech | undefined {
  const speech = speechHere();
  return speech && isDone(speech.handle) ? undefined : speech;
}

/** The response that the running code synthesises. */
export const spokenResponseStorage: AsyncContext<SpokenResponse> = new AsyncContext<SpokenResponse>(
  'response',
);
