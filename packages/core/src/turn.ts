import { OncueError } from './errors.ts';
import { type AgentStateName, QUEUEABLE_STATES } from './events.ts';
import type { UntimedInput } from './step/inputs.ts';
import type { ResponseTask } from './task_runner.ts';
import type { ResponseId, TurnId } from './units.ts';

/** How a response is declared. */
export interface BeginOptions {
  /** Anything; carried by every event of the response. Must survive JSON to be kept in a trace. */
  readonly metadata?: unknown;
  /** Runs once, when the response begins to be heard; never, if it is not heard [TK1]. */
  readonly onPlaybackStarted?: ResponseTask;
  /**
   * `confirmed` (default): the task starts on evidence that the sound is heard. `predicted`: at the instant the sound is
   * expected to be heard [TK5].
   */
  readonly timing?: 'confirmed' | 'predicted';
  /** Aborts the task's signal when the response is cut. Default `false`: the work goes on [TK2]. */
  readonly abortOnCut?: boolean;
}

/** A declared response. */
export interface DeclaredResponse {
  readonly id: ResponseId;
  /** Position in its turn, from 0. */
  readonly index: number;
}

/** What a turn needs of its timeline. @internal */
export interface TurnPort {
  readonly take: (input: UntimedInput) => void;
  readonly bindTask: (
    responseId: ResponseId,
    task: ResponseTask,
    how: { readonly timing: 'confirmed' | 'predicted'; readonly abortOnCut: boolean },
  ) => void;
}

/**
 * One turn as it is generated: declares responses and states in the order in which they are to be heard.
 *
 * A turn that was cut or abandoned accepts further calls and skips what they declare, since a generator cannot know that
 * it was interrupted. A turn that ended by itself does not [RS6].
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

  /** The response that text goes to, if one is open. */
  get current(): DeclaredResponse | undefined {
    return this.#current;
  }

  /**
   * Begins the next response; the text that follows belongs to it.
   *
   * @throws OncueError `ONCUE_TURN_ENDED` when the turn has already ended by itself, `ONCUE_BAD_OPTION` for an option
   *   that is not of its type.
   */
  begin(options: BeginOptions = {}): DeclaredResponse {
    this.#assertOpen('begin a response');
    assertBeginOptions(options);
    const { metadata, onPlaybackStarted, timing = 'confirmed', abortOnCut = false } = options;
    const response = this.#declare(false, metadata);
    if (onPlaybackStarted)
      this.#port.bindTask(response.id, onPlaybackStarted, { timing, abortOnCut });
    return response;
  }

  /**
   * Queues a state of the agent. It takes effect when everything declared before has been heard, and before anything
   * declared after is [SQ1]. Text that follows without `begin` opens an implicit response.
   *
   * @throws OncueError `ONCUE_UNKNOWN_STATE` for what is no state of a LiveKit agent, `ONCUE_TURN_ENDED` when the turn
   *   has already ended by itself.
   */
  queueAgentState(state: AgentStateName): void {
    if (!QUEUEABLE_STATES.includes(state)) {
      throw new OncueError(
        'ONCUE_UNKNOWN_STATE',
        `"${String(state)}" is not a state of an agent; use one of ${QUEUEABLE_STATES.join(', ')}`,
      );
    }
    this.#assertOpen(`queue the state "${state}"`);
    this.endResponse();
    this.#port.take({ type: 'state_queued', turnId: this.id, state });
  }

  /** Adds text to the response that is open; opens an implicit one if none is [RS1]. */
  addText(text: string): DeclaredResponse {
    this.#assertOpen('add text');
    const response = this.#current ?? this.#declare(true, undefined);
    if (text !== '') this.#port.take({ type: 'text_added', responseId: response.id, text });
    return response;
  }

  /** The open response gets no more text; the next text opens an implicit one. */
  endResponse(): void {
    if (!this.#current) return;
    this.#port.take({ type: 'text_ended', responseId: this.#current.id });
    this.#current = undefined;
  }

  /** The turn declares nothing more. May be called twice. */
  close(): void {
    this.#finish('closed');
  }

  /** Nobody reads on: the turn was interrupted while it was generated. What it still declares will not be heard. */
  abandon(): void {
    this.#finish('abandoned');
  }

  /** The turn's speech has the floor. */
  goLive(): void {
    this.#port.take({ type: 'turn_live', turnId: this.id });
  }

  /** The turn's speech is over: nothing more of it will be sent. `cutBy` when it was interrupted. */
  end(cutBy?: 'user' | 'agent'): void {
    this.#port.take({
      type: 'turn_ended',
      turnId: this.id,
      ...(cutBy === undefined ? {} : { cutBy }),
    });
  }

  #declare(implicit: boolean, metadata: unknown): DeclaredResponse {
    this.endResponse();
    const index = this.#declaredCount;
    const response = { id: `${this.id}.${index}` as ResponseId, index };
    this.#declaredCount += 1;
    this.#current = response;
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
    // Of an abandoned turn nobody knows what more text there would have been; the end of the turn tells its fate.
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

/** For callers without TypeScript: a task that is no function would otherwise be missed in silence. */
function assertBeginOptions(options: unknown): asserts options is BeginOptions {
  if (typeof options !== 'object' || options === null) {
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `begin takes an object of options, not ${typeof options === 'object' ? 'null' : `a ${typeof options}`}`,
    );
  }
  const { onPlaybackStarted, timing, abortOnCut } = options as Readonly<Record<string, unknown>>;
  const isTask = onPlaybackStarted === undefined || typeof onPlaybackStarted === 'function';
  if (!isTask) throw new OncueError('ONCUE_BAD_OPTION', 'onPlaybackStarted must be a function');
  if (timing !== undefined && timing !== 'confirmed' && timing !== 'predicted') {
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `timing is "${String(timing)}"; use 'confirmed' or 'predicted'`,
    );
  }
  if (abortOnCut !== undefined && typeof abortOnCut !== 'boolean') {
    throw new OncueError('ONCUE_BAD_OPTION', 'abortOnCut must be true or false');
  }
}
