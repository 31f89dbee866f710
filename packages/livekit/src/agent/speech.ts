import { AsyncLocalStorage } from 'node:async_hooks';
import type { voice } from '@livekit/agents';
import {
  type CutBy,
  type DeclaredResponse,
  OncueError,
  type ResponseId,
  type Timeline,
  type Turn,
  type TurnId,
} from '@oncue/core';
import { isAudible } from '@oncue/core/internal';
import type { AgentTurn } from './declaring_turn.ts';

/** One response from the text to its audio, as the hooks of the agent meet it. */
export interface Part {
  readonly turn: Turn;
  readonly response: DeclaredResponse;
  /** What is shown and stored for the response: the text after `transcriptionNode`. */
  caption: string;
}

/** What a speech needs of its session. */
export interface SpeechPort {
  readonly timeline: Timeline;
  /** The rate at which the listener counts samples. */
  readonly sampleRateHz: number;
  /** Told when the first audio of a response was made. */
  readonly audioMade: (id: ResponseId) => void;
}

/**
 * One LiveKit speech (a `SpeechHandle`) and the turns it makes: one for each `llmNode` run of a tool loop, or one
 * implicit turn for each text that comes without an `llmNode` (`say`, a realtime message).
 *
 * The pipeline calls `transcriptionNode` once a part and `ttsNode` once a part, each in the order of the parts
 * (`voice/agent_activity.ts`, `forwardSegment` and `produceSegments`). That order is what ties them to responses.
 */
export class Speech {
  readonly timeline: Timeline;
  /** The rate at which the listener counts the samples of this session. */
  readonly sampleRateHz: number;
  /** Responses whose audio is being made right now. */
  readonly synthesizing: Set<ResponseId> = new Set();
  readonly handle: voice.SpeechHandle;
  /** The parts of the turn that the chat message in the making is about. */
  parts: Part[] = [];
  readonly #turns: Turn[] = [];
  readonly #startedTurns = new Set<TurnId>();
  #awaitingAudio: Part[] = [];
  #awaitingCaption: Part[] = [];
  readonly #implicit = new WeakSet<Part>();
  readonly #audioMade: (id: ResponseId) => void;

  constructor(port: SpeechPort, handle: voice.SpeechHandle) {
    this.timeline = port.timeline;
    this.sampleRateHz = port.sampleRateHz;
    this.#audioMade = port.audioMade;
    this.handle = handle;
  }

  /** The first audio of a response was made. */
  audioMade(id: ResponseId): void {
    this.#audioMade(id);
  }

  openTurn(): Turn {
    const turnId = `${this.handle.id}_${this.#turns.length}` as TurnId;
    const turn = this.timeline.openTurn({ turnId, speechId: this.handle.id });
    this.#turns.push(turn);
    this.parts = [];
    // What the turn before left unspoken is not what comes next.
    this.#awaitingAudio = [];
    this.#awaitingCaption = [];
    return turn;
  }

  /** A declared response got its first text: the pipeline will ask for its audio and its captions in this order. */
  expect(turn: Turn, response: DeclaredResponse): void {
    const part = { turn, response, caption: '' };
    this.parts.push(part);
    this.#awaitingAudio.push(part);
    this.#awaitingCaption.push(part);
  }

  /** The part whose audio is being made. Opens an implicit one when nothing declared waits for audio. */
  takeForAudio(): Part {
    const part = this.#awaitingAudio.shift();
    if (part) return part;
    const implicit = this.#implicitPart();
    this.#awaitingCaption.push(implicit);
    return implicit;
  }

  /** The part whose captions are being made. */
  takeForCaption(): { readonly part: Part; readonly isImplicit: boolean } {
    const part = this.#awaitingCaption.shift();
    // A declared response has its text from the LLM; an implicit one gets it from its captions.
    if (part) return { part, isImplicit: this.#implicit.has(part) };
    const implicit = this.#implicitPart();
    this.#awaitingAudio.push(implicit);
    return { part: implicit, isImplicit: true };
  }

  #implicitPart(): Part {
    const turn = this.openTurn();
    const response = turn.addText('');
    const part: Part = { turn, response, caption: '' };
    this.#implicit.add(part);
    this.parts = [part];
    return part;
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

  /** Something of it is on its way to the listener. */
  get isAudible(): boolean {
    return isAudible(this.timeline.state, this.handle.id);
  }

  /** The speech is over: whatever of it has not been heard by now will not be. */
  end(cutBy: CutBy | undefined): void {
    for (const turn of this.#turns) turn.end(cutBy);
  }
}

/** The speech in whose flow the running code is. LiveKit keeps the same, but does not export it. */
export const speechStorage: AsyncLocalStorage<Speech> = new AsyncLocalStorage<Speech>();

/**
 * The speech that the running code belongs to, while it is not over. LiveKit starts a speech in the flow of whoever asked
 * for it, so code that runs on from there finds a speech that has nothing to do with it any more.
 */
export function currentSpeech(): Speech | undefined {
  const speech = speechStorage.getStore();
  return speech?.handle.done() ? undefined : speech;
}

/** The response whose audio the running code makes. */
export const partStorage: AsyncLocalStorage<Part> = new AsyncLocalStorage<Part>();

/** The turn whose `llmNode` the running code belongs to. */
export const turnStorage: AsyncLocalStorage<AgentTurn> = new AsyncLocalStorage<AgentTurn>();

/**
 * The turn that is being generated. Call it inside `llmNode`, before the first `await` or any time later in the same
 * flow.
 *
 * @throws OncueError `ONCUE_NO_TURN` outside an `llmNode`, or in a session without `attachOncue`.
 */
export function currentTurn(): AgentTurn {
  const turn = turnStorage.getStore();
  if (turn) return turn;
  throw new OncueError(
    'ONCUE_NO_TURN',
    'no turn is being generated here; call this inside llmNode, in a session that attachOncue() was called on before start()',
  );
}
