import { AsyncLocalStorage } from 'node:async_hooks';
import type { voice } from '@livekit/agents';
import type { CutBy, DeclaredResponse, ResponseId, Timeline, Turn, TurnId } from '@oncue/core';
import { isAudible } from '@oncue/core/internal';
import type { FailOpen } from '../fail_open.ts';

/** One response on its way from text to audio, as the hooks of the agent see it. */
export interface SpokenResponse {
  readonly turn: Turn;
  readonly response: DeclaredResponse;
  /** What is shown and stored for the response: the text after `transcriptionNode`. */
  caption: string;
}

/** What a speech needs of its session. */
export interface SpeechPort {
  readonly timeline: Timeline;
  readonly failOpen: FailOpen;
  /** The rate at which the listener counts samples. */
  readonly sampleRateHz: number;
  /** Called when the first audio of a response was made. */
  readonly audioMade: (id: ResponseId) => void;
  /** Whether the session or its agent has a speech synthesis. */
  readonly hasVoice: () => boolean;
}

/**
 * One LiveKit speech (a `SpeechHandle`) and the turns it makes: one for each `llmNode` run of a tool loop, or one
 * implicit turn for each text that comes without an `llmNode` (`say`, a realtime message).
 *
 * The pipeline calls `transcriptionNode` and `ttsNode` once for each response, each in the order of the responses
 * (`voice/agent_activity.ts`, `forwardSegment` and `produceSegments`). That order connects the calls to the responses.
 */
export class Speech {
  readonly timeline: Timeline;
  readonly failOpen: FailOpen;
  /** The rate at which the listener counts the samples of this session. */
  readonly sampleRateHz: number;
  /** Responses whose audio is being made right now. */
  readonly synthesizing: Set<ResponseId> = new Set();
  readonly handle: voice.SpeechHandle;
  /** The responses of the turn that the next chat message is about. */
  responses: SpokenResponse[] = [];
  readonly #port: SpeechPort;
  readonly #turns: Turn[] = [];
  readonly #startedTurns = new Set<TurnId>();
  #awaitingAudio: SpokenResponse[] = [];
  #awaitingCaption: SpokenResponse[] = [];
  /** Responses of which audio was made and none has come to the output, in order. */
  #awaitingOutput: ResponseId[] = [];
  readonly #implicit = new WeakSet<SpokenResponse>();

  constructor(port: SpeechPort, handle: voice.SpeechHandle) {
    this.timeline = port.timeline;
    this.failOpen = port.failOpen;
    this.sampleRateHz = port.sampleRateHz;
    this.#port = port;
    this.handle = handle;
  }

  /** Whether the session or its agent has a speech synthesis. */
  get hasVoice(): boolean {
    return this.#port.hasVoice();
  }

  /** The first audio of a response was made. */
  audioMade(id: ResponseId): void {
    this.#awaitingOutput.push(id);
    this.#port.audioMade(id);
  }

  /** The first audio of a response came to the output. */
  audioCame(id: ResponseId): void {
    this.#awaitingOutput = this.#awaitingOutput.filter((one) => one !== id);
  }

  /** The response whose audio is due at the output: it was made and has not come. */
  get dueAtOutput(): ResponseId | undefined {
    return this.#awaitingOutput[0];
  }

  openTurn(): Turn {
    const turnId = `${this.handle.id}_${this.#turns.length}` as TurnId;
    const turn = this.timeline.openTurn({ turnId, speechId: this.handle.id });
    this.#turns.push(turn);
    this.responses = [];
    // What the previous turn left unspoken is not what comes next.
    this.#awaitingAudio = [];
    this.#awaitingCaption = [];
    return turn;
  }

  /** A declared response got its first text: the pipeline will ask for its audio and its captions in this order. */
  expect(turn: Turn, response: DeclaredResponse): void {
    const spoken = { turn, response, caption: '' };
    this.responses.push(spoken);
    this.#awaitingAudio.push(spoken);
    this.#awaitingCaption.push(spoken);
  }

  /** The response whose audio is being made. Opens an implicit one when no declared one waits for audio. */
  takeForAudio(): SpokenResponse {
    const spoken = this.#awaitingAudio.shift();
    if (spoken) return spoken;
    const implicit = this.#implicitResponse();
    this.#awaitingCaption.push(implicit);
    return implicit;
  }

  /** The response whose captions are being made. */
  takeForCaption(): { readonly spoken: SpokenResponse; readonly isImplicit: boolean } {
    const spoken = this.#awaitingCaption.shift();
    // A declared response has its text from the LLM; an implicit one gets it from its captions.
    if (spoken) return { spoken, isImplicit: this.#implicit.has(spoken) };
    const implicit = this.#implicitResponse();
    this.#awaitingAudio.push(implicit);
    return { spoken: implicit, isImplicit: true };
  }

  #implicitResponse(): SpokenResponse {
    const turn = this.openTurn();
    const response = turn.addText('');
    const spoken: SpokenResponse = { turn, response, caption: '' };
    this.#implicit.add(spoken);
    this.responses = [spoken];
    return spoken;
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

  /** The speech is over: what has not been heard of it by now will not be heard. */
  end(cutBy: CutBy | undefined): void {
    for (const turn of this.#turns) turn.end(cutBy);
  }
}

/** The speech that owns the current async context. LiveKit keeps the same, but does not export it. */
export const speechStorage: AsyncLocalStorage<Speech | undefined> = new AsyncLocalStorage<
  Speech | undefined
>();

/**
 * The speech that the running code belongs to, while it is not over. LiveKit starts a speech in the async context of
 * whoever asked for it, so code that runs on from there finds a speech that has nothing to do with it any more.
 */
export function currentSpeech(): Speech | undefined {
  const speech = speechStorage.getStore();
  return speech?.handle.done() ? undefined : speech;
}

/** The response whose audio the running code makes. */
export const spokenResponseStorage: AsyncLocalStorage<SpokenResponse> =
  new AsyncLocalStorage<SpokenResponse>();
