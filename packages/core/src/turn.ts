import type { Clock } from './clock.ts';
import { type BeginOptions, type TaskOptions, taskOf } from './declare/begin_options.ts';
import { type CheckedMark, checkedMark, type MarkOptions } from './declare/mark_options.ts';
import { type DeclaredResponse, type FinishedHandler, OpenResponse } from './declared_response.ts';
import { OncueError } from './errors.ts';
import { type AgentStateName, type CutBy, isQueueable, QUEUEABLE_STATES } from './events.ts';
import type { UntimedInput } from './step/inputs.ts';
import type { ResponseId, TurnId } from './units.ts';

/** What a turn needs from its timeline. @internal */
export interface TurnPort {
  readonly clock: Clock;
  /** A response is about to be declared. */
  readonly opens: (response: OpenResponse, onFinished: FinishedHandler | undefined) => void;
  readonly take: (input: UntimedInput) => void;
  readonly bindTask: (responseId: ResponseId, task: Required<TaskOptions>) => void;
  readonly placeMark: (responseId: ResponseId, mark: CheckedMark) => void;
}

/**
 * One turn while it is generated. It declares responses and states in the order in which they will be heard.
 *
 * A turn that was cut or abandoned accepts further calls and skips what they declare, since a generator cannot know
 * that it was interrupted. A turn that ended by itself throws instead [RS6].
 */
export class Turn {
  readonly id: TurnId;
  readonly #port: TurnPort;
  #current: DeclaredResponse | undefined;
  #declaredCount = 0;
  #status: 'open' | 'closed' | 'abandoned' = 'open';

  /** @internal */
  constructor(id: TurnId, port: TurnPort) {
    this.id = id;
    this.#port = port;
  }

  /** The open response, to which text is added; `undefined` if none is open. */
  get current(): DeclaredResponse | undefined {
    return this.#current;
  }

  /**
   * Begins the next response. The text that follows belongs to it.
   *
   * @throws OncueError `ONCUE_TURN_ENDED` if the turn has already ended by itself, `ONCUE_BAD_OPTION` for an option
   *   that is unknown or of the wrong type.
   */
  begin(options: BeginOptions = {}): DeclaredResponse {
    this.#assertOpen('begin a response');
    const task = taskOf(options);
    const response = this.#declare(false, options);
    if (task) this.#port.bindTask(response.id, task);
    return response;
  }

  /**
   * Queues an agent state. It takes effect after everything declared earlier has been heard and before anything
   * declared later is [SQ1]. Text that follows without `begin` opens an implicit response.
   *
   * @throws OncueError `ONCUE_UNKNOWN_STATE` if LiveKit has no such agent state, `ONCUE_TURN_ENDED` if the turn has
   *   already ended by itself.
   */
  queueAgentState(state: AgentStateName): void {
    if (!isQueueable(state)) {
      throw new OncueError(
        'ONCUE_UNKNOWN_STATE',
        `"${String(state)}" is not an agent state; use one of ${QUEUEABLE_STATES.join(', ')}`,
      );
    }
    this.#assertOpen(`queue the state "${state}"`);
    this.endResponse();
    this.#port.take({ type: 'state_queued', turnId: this.id, state });
  }

  /**
   * Marks the place in the text at which it is called. `response_mark_reached` fires when every word before it has been
   * heard; for a mark before the first word, when the first sample has. If it is cut before that, nothing happens [MK1].
   * Opens an implicit response if none is open.
   *
   * @param name - any text that is not empty. Two marks may have the same.
   * @throws OncueError `ONCUE_BAD_OPTION` for a bad name or option, `ONCUE_TURN_ENDED` if the turn has already ended by
   *   itself.
   */
  mark(name: string, options: MarkOptions = {}): void {
    this.#assertOpen('place a mark');
    const mark = checkedMark(name, options);
    const response = this.#current ?? this.#declare(true, {});
    this.#port.placeMark(response.id, mark);
  }

  /** Adds text to the open response. Opens an implicit response if none is open [RS1]. */
  addText(text: string): DeclaredResponse {
    this.#assertOpen('add text');
    const response = this.#current ?? this.#declare(true, {});
    if (text !== '') this.#port.take({ type: 'text_added', responseId: response.id, text });
    return response;
  }

  /** Ends the text of the open response. The next text opens an implicit response. */
  endResponse(): void {
    if (!this.#current) return;
    this.#port.take({ type: 'text_ended', responseId: this.#current.id });
    this.#current = undefined;
  }

  /** Ends the turn's declarations. May be called twice. */
  close(): void {
    this.#finish('closed');
  }

  /** Records that the turn was interrupted while it was generated. What it still declares will not be heard. */
  abandon(): void {
    this.#finish('abandoned');
  }

  /** Records that the turn's speech has the floor. */
  goLive(): void {
    this.#port.take({ type: 'turn_live', turnId: this.id });
  }

  /**
   * The turn's speech is over: nothing more of it will be sent. `cutBy` when it was interrupted.
   *
   * @param isWritten - its text was shown and no audio was asked for: its responses are skipped as `not_spoken`.
   */
  end(cutBy?: CutBy, isWritten: boolean = false): void {
    this.#port.take({
      type: 'turn_ended',
      turnId: this.id,
      ...(cutBy === undefined ? {} : { cutBy }),
      ...(isWritten ? { isWritten } : {}),
    });
  }

  #declare(implicit: boolean, { metadata, onPlaybackFinished }: BeginOptions): DeclaredResponse {
    this.endResponse();
    const index = this.#declaredCount;
    const response = new OpenResponse(`${this.id}.${index}` as ResponseId, index, this.#port.clock);
    this.#declaredCount += 1;
    this.#current = response;
    // In a turn that was cut, the response ends as it is declared.
    this.#port.opens(response, onPlaybackFinished);
    const withMetadata = metadata === undefined ? {} : { metadata };
    this.#port.take({
      type: 'response_begun',
      turnId: this.id,
      responseId: response.id,
      index,
      implicit,
      ...withMetadata,
    });
    return response;
  }

  #finish(status: 'closed' | 'abandoned'): void {
    if (this.#status !== 'open') return;
    // The rest of an abandoned response's text is unknown, so its text stays open until the turn ends.
    if (status === 'closed') this.endResponse();
    this.#status = status;
    this.#port.take({ type: 'turn_closed', turnId: this.id });
  }

  #assertOpen(what: string): void {
    if (this.#status !== 'closed') return;
    throw new OncueError(
      'ONCUE_TURN_ENDED',
      `cannot ${what}: turn ${this.id} has ended; call it inside the generator, before it returns`,
    );
  }
}
