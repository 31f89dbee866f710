import type { Evidence, TimelineInput } from '@oncue/core';

/** What happened to a response, as far as the inputs of a timeline and its events say. */
export interface NaiveResponse {
  readonly kind: 'response';
  readonly id: string;
  readonly turn: NaiveTurn | undefined;
  readonly index: number;
  text: string;
  /** Cut before all of its audio was there: it gets no more text [HT5]. */
  textIsFinal: boolean;
  sent: number;
  sentFromMs: number;
  noMoreAudio: boolean;
  failed: boolean;
  readonly marks: NaiveMark[];
  /** Where the timed words end, in samples. */
  readonly wordEnds: number[];
  heard: number;
  /** For a while nobody could hear, or answered. */
  wasUnheard: boolean;
  start: { readonly startedAtMs: number; evidence: Evidence; errorBoundMs: number } | undefined;
  end: 'heard' | 'partly_heard' | 'cut' | 'failed' | 'skipped' | undefined;
}

/** A mark, in the order of the text. */
export interface NaiveMark {
  readonly name: string;
  readonly textOffset: number;
  isReached: boolean;
}

export interface NaiveState {
  readonly kind: 'state';
  readonly state: string;
  isDone: boolean;
  /** It became due in a pause, and waits for its end [SQ6]. */
  isHeld: boolean;
}

export interface NaiveTurn {
  readonly id: string;
  readonly items: Array<NaiveResponse | NaiveState>;
  isLive: boolean;
  isClosed: boolean;
  over: 'cut' | 'ended' | 'closed' | undefined;
}

export function isDone(item: NaiveResponse | NaiveState): boolean {
  return item.kind === 'state' ? item.isDone : item.end !== undefined;
}

function isGone(turn: NaiveTurn): boolean {
  return (turn.isClosed || turn.over !== undefined) && turn.items.every(isDone);
}

/** The inputs of a timeline, taken one after the other with none of core's code. */
export class NaiveInputs {
  readonly turns = new Map<string, NaiveTurn>();
  readonly responses = new Map<string, NaiveResponse>();
  readonly tasks = new Map<
    string,
    {
      readonly responseId: string;
      readonly isPredicted: boolean;
      /** It is the task of a mark, which may never be reached. */
      readonly isOfMark?: true;
      status: 'bound' | 'running' | 'over';
    }
  >();
  /** In the order in which they were first sent. */
  readonly playout: NaiveResponse[] = [];
  isPaused = false;
  isClosed = false;
  /** Who can hear, or who answers, has changed: what sounded is no longer what was heard. */
  isHearingTold = false;
  #isAudible = true;
  #isAnswered = true;

  get openTurns(): readonly NaiveTurn[] {
    return [...this.turns.values()].filter((turn) => !isGone(turn));
  }

  take(input: TimelineInput): void {
    if (this.isClosed) return;
    switch (input.type) {
      case 'turn_opened':
        this.turns.set(input.turnId, {
          id: input.turnId,
          items: [],
          isLive: false,
          isClosed: false,
          over: undefined,
        });
        return;
      case 'response_begun':
        this.#begin(input);
        return;
      case 'state_queued':
        this.turns
          .get(input.turnId)
          ?.items.push({ kind: 'state', state: input.state, isDone: false, isHeld: false });
        return;
      case 'task_bound':
        this.tasks.set(input.taskId, {
          responseId: input.responseId,
          isPredicted: input.timing === 'predicted',
          status: 'bound',
        });
        return;
      case 'paused':
        this.isPaused = true;
        return;
      case 'resumed':
        this.isPaused = false;
        return;
      case 'audibility_changed':
        this.#isAudible = input.audibility === 'listening';
        this.#hearingTold();
        return;
      case 'listener_answers':
        this.#isAnswered = input.answers;
        this.#hearingTold();
        return;
      default:
        this.#takeOfTurn(input);
    }
  }

  #hearingTold(): void {
    this.isHearingTold = true;
    if (this.#isAudible && this.#isAnswered) return;
    for (const one of this.playout) if (!one.end) one.wasUnheard = true;
  }

  #takeOfTurn(input: TimelineInput): void {
    switch (input.type) {
      case 'turn_closed':
      case 'turn_live':
      case 'turn_ended':
        this.#takeOfOneTurn(input);
        return;
      case 'cut':
        for (const turn of this.turns.values()) if (turn.isLive) end(turn, 'cut');
        this.isPaused = false;
        return;
      case 'closed':
        for (const turn of this.turns.values()) if (!isGone(turn)) turn.over = 'closed';
        this.isClosed = true;
        return;
      default:
        this.#takeOfResponse(input);
    }
  }

  #takeOfOneTurn(
    input: Extract<TimelineInput, { type: 'turn_closed' | 'turn_live' | 'turn_ended' }>,
  ): void {
    const turn = this.turns.get(input.turnId);
    if (!turn) return;
    if (input.type === 'turn_closed') turn.isClosed = true;
    else if (input.type === 'turn_live') turn.isLive = true;
    else end(turn, input.cutBy ? 'cut' : 'ended');
  }

  #takeOfResponse(input: TimelineInput): void {
    const response = 'responseId' in input ? this.responses.get(input.responseId) : undefined;
    if (!response || response.end) return;
    if (input.type === 'text_added' && !response.textIsFinal) response.text += input.text;
    if (input.type === 'mark_placed') this.#placeMark(input, response);
    if (input.type === 'words_timed')
      response.wordEnds.push(...input.words.map(({ endSamples }) => endSamples));
    if (input.type === 'audio_ended') response.noMoreAudio = true;
    if (input.type === 'response_failed') response.failed = true;
    if (input.type !== 'audio_sent' || response.noMoreAudio || response.turn?.over) return;
    if (response.sent === 0) this.#sendFirst(response, input.atMs);
    response.sent += input.samples;
  }

  #placeMark(input: Extract<TimelineInput, { type: 'mark_placed' }>, of: NaiveResponse): void {
    const { name, taskId, textOffset = of.text.length } = input;
    of.marks.push({ name, textOffset, isReached: false });
    if (taskId !== undefined)
      this.tasks.set(taskId, {
        responseId: of.id,
        isPredicted: false,
        isOfMark: true,
        status: 'bound',
      });
  }

  /** What is sent first sounds first, and ends the audio of all before it. */
  #sendFirst(response: NaiveResponse, atMs: number): void {
    for (const before of this.playout) before.noMoreAudio = true;
    for (const before of response.turn?.items ?? []) {
      if (before === response) break;
      if (before.kind === 'response') before.noMoreAudio = true;
    }
    this.playout.push(response);
    response.wasUnheard = !(this.#isAudible && this.#isAnswered);
    response.sentFromMs = atMs;
    if (response.turn) response.turn.isLive = true;
  }

  #begin(input: Extract<TimelineInput, { type: 'response_begun' }>): void {
    const turn = this.turns.get(input.turnId);
    const response: NaiveResponse = {
      kind: 'response',
      id: input.responseId,
      turn,
      index: turn?.items.filter(({ kind }) => kind === 'response').length ?? 0,
      text: '',
      textIsFinal: false,
      sent: 0,
      sentFromMs: 0,
      noMoreAudio: false,
      failed: false,
      marks: [],
      wordEnds: [],
      heard: 0,
      wasUnheard: false,
      start: undefined,
      end: undefined,
    };
    turn?.items.push(response);
    this.responses.set(input.responseId, response);
  }
}

function end(turn: NaiveTurn, why: 'cut' | 'ended'): void {
  if (turn.over || isGone(turn)) return;
  turn.over = why;
  for (const item of turn.items) {
    if (item.kind !== 'response' || item.sent === 0) continue;
    if (why === 'cut' && !item.noMoreAudio) item.textIsFinal = true;
    item.noMoreAudio = true;
  }
}
