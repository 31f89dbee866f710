import { ApplicationSide } from './application/application_side.ts';
import type { ResponseTask } from './application/task_runner.ts';
import type { Clock } from './clock.ts';
import type { TaskOptions } from './declare/begin_options.ts';
import type { CheckedMark } from './declare/mark_options.ts';
import { DropCounter } from './drop_counter.ts';
import { Emitter } from './emitter.ts';
import { messageOf, OncueError } from './errors.ts';
import type { Audibility, CutBy, OncueEvent, OncueEventOf, ReportDropReason } from './events.ts';
import { checkOptions } from './options.ts';
import { refusalOf } from './step/claims/physics.ts';
import { nextDue } from './step/deadlines.ts';
import type {
  AudibilityChange,
  CutReach,
  Listeners,
  PlayheadReport,
  TimelineInput,
  Unreported,
  UntimedInput,
  Word,
} from './step/inputs.ts';
import { responseOf } from './step/state/selectors.ts';
import type { TimelineState } from './step/state/state.ts';
import { initialState, step } from './step/step.ts';
import type { TimelineSetup } from './timeline_setup.ts';
import { type TimelineView, viewOf } from './timeline_view.ts';
import { Turn } from './turn.ts';
import { type AgentMs, earlierOf, type ResponseId, type TurnId } from './units.ts';

/** How long `close` waits for running tasks before it aborts them, in ms [TK4]. */
const DEFAULT_CLOSE_DEADLINE_MS = 5000;

/**
 * The one record of what was said, sent and heard in a session.
 *
 * A thin shell around `step`: it stamps inputs with the clock's instant, runs tasks, delivers events, and wakes when
 * `step` has something due. Nothing here throws because of what a listener or the network does.
 */
export class Timeline implements TimelineView {
  /** The same timeline for an application: it can read and listen, and cannot change anything [RS9]. */
  readonly view: TimelineView;
  readonly #clock: Clock;
  readonly #applyState: TimelineSetup['applyState'];
  #emitter: Emitter;
  /** Nothing of it after `detach`. */
  #application: ApplicationSide | undefined;
  /** What the application sees after `detach`: this timeline as it was then, closed. */
  #detached: Timeline | undefined;
  readonly #drops = new DropCounter();
  readonly #queue: UntimedInput[] = [];
  #state: TimelineState;
  #draining = false;
  #wakeAtMs: number | undefined;
  #cancelWake: (() => void) | undefined;
  #turnCount = 0;
  #taskCount = 0;

  /** @throws OncueError `ONCUE_BAD_OPTION` if an option is out of its range. */
  constructor(setup: TimelineSetup) {
    checkOptions(setup.options ?? {});
    this.#clock = setup.clock;
    this.#applyState = setup.applyState;
    this.#state = initialState(setup.options);
    const application = new ApplicationSide(setup.record, (input) => this.#take(input));
    this.#application = application;
    this.#emitter = new Emitter((error, event) => application.threw(error, event));
    this.view = viewOf({
      state: () => (this.#detached ?? this).#state,
      all: this.#emitter,
      ofApplication: application.handlers,
      isDetached: () => this.#detached !== undefined,
    });
  }

  /** The state as of the last input. Immutable. */
  get state(): TimelineState {
    return this.#state;
  }

  /** Listens to one type of event. @returns A function that removes the handler. @throws OncueError as the view does. */
  on<T extends OncueEvent['type']>(
    type: T,
    listener: (event: OncueEventOf<T>) => void,
  ): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Listens to every event. @returns A function that removes the handler. @throws OncueError as the view does. */
  onAny(listener: (event: OncueEvent) => void): () => void {
    return this.#emitter.onAny(listener);
  }

  /**
   * Opens a turn. `turnId` must be new. Default: an id is generated.
   *
   * @throws OncueError `ONCUE_CLOSED` after `close`.
   */
  openTurn(of: { readonly turnId?: TurnId; readonly speechId?: string } = {}): Turn {
    if (this.#state.isClosed) {
      throw new OncueError('ONCUE_CLOSED', 'the timeline is closed; open turns before close()');
    }
    this.#turnCount += 1;
    const turnId = of.turnId ?? (`turn_${this.#turnCount}` as TurnId);
    const { speechId } = of;
    this.#take({ type: 'turn_opened', turnId, ...(speechId === undefined ? {} : { speechId }) });
    return new Turn(turnId, {
      take: (input) => this.#take(input),
      clock: this.#clock,
      opens: (response, onFinished) => {
        if (this.#application) this.#application.responses.add(response, onFinished);
        else response.lost();
      },
      bindTask: (responseId, task) => this.#bindTask(responseId, task),
      placeMark: (responseId, mark) => this.#placeMark(responseId, mark),
    });
  }

  /**
   * Records that audio of a response was handed to the transport.
   *
   * @param leavesAtMs - the earliest instant at which its first sample leaves the transport's queue, on the agent's
   *   clock. Default: now.
   * @param sentAtMs - when it was handed over, if a listener may have reported it since. Default: now.
   */
  audioSent(
    responseId: ResponseId,
    samples: number,
    sampleRateHz: number,
    leavesAtMs?: AgentMs,
    sentAtMs?: AgentMs,
  ): void {
    const instants = {
      ...(leavesAtMs === undefined ? {} : { leavesAtMs }),
      ...(sentAtMs === undefined ? {} : { sentAtMs }),
    };
    this.#take({ type: 'audio_sent', responseId, samples, sampleRateHz, ...instants });
  }

  /** Adds word times of a response, in order. Positions count from the response's first sample. */
  wordsTimed(responseId: ResponseId, words: readonly Word[]): void {
    if (words.length > 0) this.#take({ type: 'words_timed', responseId, words });
  }

  /** Records that all audio of the response has been sent. If none was sent, the response has none. */
  audioEnded(responseId: ResponseId): void {
    this.#take({ type: 'audio_ended', responseId });
  }

  /** Records that generation or synthesis of the response failed. What was already sent still counts. */
  responseFailed(responseId: ResponseId, detail: string): void {
    this.#take({ type: 'response_failed', responseId, detail });
  }

  /** Takes a listener's playhead, already checked and mapped to the agent's clock. */
  playhead(report: PlayheadReport): void {
    this.#take({ type: 'playhead', report });
  }

  /** Records that messages of a listener were not used [LW1]. The first of a reason gives its event at once [LW11]. */
  reportDropped(reason: ReportDropReason, count: number = 1): void {
    if (this.#state.isClosed) return;
    if (this.#drops.add(reason, count, this.#clock.nowMs())) this.#reportDrops();
    else this.#scheduleWake();
  }

  /**
   * Corrects what `audioSent` assumed: audio that was due to leave the transport's queue at `fromMs` or later leaves
   * `byMs` later; earlier if `byMs` is negative. Values that are not finite are ignored.
   */
  queueMoved(fromMs: AgentMs, byMs: number): void {
    if (Number.isFinite(fromMs + byMs)) this.#take({ type: 'queue_moved', fromMs, byMs });
  }

  /** Takes the transport's estimate of the path delay, used until a start has been measured. Ignores what is not finite or < 0. */
  pathEstimated(delayMs: number, errorBoundMs: number): void {
    if (!(delayMs >= 0 && errorBoundMs >= 0 && delayMs + errorBoundMs < Number.POSITIVE_INFINITY))
      return;
    this.#take({ type: 'path_estimated', delayMs, errorBoundMs });
  }

  /** Records that a reporting listener joined or left [LW3]. `unreported`: default `'estimated'` [AU17]. */
  listenerChanged(listening: boolean, unreported?: Unreported): void {
    this.#take({ type: 'listener_changed', listening, ...(unreported ? { unreported } : {}) });
  }

  /** How many may hear from now on, whether they report or not [AU22]. A timeline assumes `'one'` until then. */
  listenersCounted(listeners: Listeners): void {
    if (listeners === this.#state.listeners) return;
    this.#take({ type: 'listeners_counted', listeners });
  }

  /** Records that no report of a response will come: its output took none of its audio. */
  reportGivenUp(responseId: ResponseId): void {
    this.#take({ type: 'report_given_up', responseId });
  }

  /**
   * Whether the reporting listener answers pings. While it does not, nothing is stated of it by estimate [AU12].
   *
   * @param sinceMs - on the agent's clock: when it last said what it plays or answered, or when it answered again. What sounds
   *   between the two counts as heard only if it is reported. Left out: estimates only wait until it answers.
   */
  listenerAnswers(answers: boolean, sinceMs?: AgentMs): void {
    this.#take({
      type: 'listener_answers',
      answers,
      ...(sinceMs === undefined ? {} : { sinceMs }),
    });
  }

  /**
   * Who can hear has changed [AU1]. A timeline assumes `listening` until then.
   */
  audibilityChanged(audibility: Audibility, of: AudibilityChange = {}): void {
    this.#take({ type: 'audibility_changed', audibility, ...of });
  }

  /**
   * Stops playout of everything that was sent: the user interrupted, or the agent decided to stop.
   *
   * @param reaches - `'queue'` if audio that has left the transport's queue still sounds. Default `'ear'`.
   */
  cut(by: CutBy, reaches: CutReach = 'ear'): void {
    this.#take({ type: 'cut', by, ...(reaches === 'ear' ? {} : { reaches }) });
  }

  /**
   * Playout stands still until `resume`.
   *
   * @param reaches - `'queue'` where the transport's own queue stands still at once: then nothing leaves it. Default
   *   `'ear'`: the buffer is the listener's, who may not have heard of the pause yet.
   */
  pause(reaches: CutReach = 'ear'): void {
    this.#take({ type: 'paused', ...(reaches === 'ear' ? {} : { reaches }) });
  }

  resume(): void {
    this.#take({ type: 'resumed' });
  }

  /**
   * Ends everything: cuts what plays, skips what waits and drops queued states. Running tasks get `deadlineMs` to
   * finish, then their signals abort [TK4]. May be called twice.
   */
  async close(deadlineMs: number = DEFAULT_CLOSE_DEADLINE_MS): Promise<void> {
    this.#reportDrops(true);
    this.#take({ type: 'closed' });
    // A callback called this. What else its event causes, such as starting a task, comes first.
    if (this.#draining) await Promise.resolve();
    await this.#application?.endTasks(this.#clock, deadlineMs);
  }

  /**
   * Closes it for the application only [CL2]: handlers of the view, tasks, waits and the trace are told what `close` tells,
   * and nothing after that. The timeline goes on for what calls `openTurn`. Called twice, it does nothing more.
   *
   * @param deadlineMs - as for `close`.
   */
  async detach(deadlineMs: number = DEFAULT_CLOSE_DEADLINE_MS): Promise<void> {
    // A callback called this. The events that it is one of are delivered first [RS5].
    if (this.#draining) await Promise.resolve();
    const application = this.#application;
    if (!application) return;
    this.#reportDrops(true);
    const closing = new Timeline({ clock: this.#clock });
    closing.#state = this.#state;
    closing.#application = application;
    closing.#emitter = application.handlers;
    application.moveTo((input) => closing.#take(input));
    this.#application = undefined;
    this.#detached = closing;
    for (const taskId of application.tasks.runningIds) this.#take({ type: 'task_settled', taskId });
    await closing.close(deadlineMs);
  }

  #placeMark(responseId: ResponseId, { task, ...mark }: CheckedMark): void {
    const bound = task && {
      taskId: this.#newTask(responseId, task.run),
      abortOnCut: task.abortOnCut,
    };
    this.#take({ type: 'mark_placed', responseId, ...mark, ...bound });
  }

  #newTask(responseId: ResponseId, run: ResponseTask): string {
    this.#taskCount += 1;
    const taskId = `task_${this.#taskCount}`;
    this.#application?.tasks.bind(taskId, responseId, run);
    return taskId;
  }

  #bindTask(responseId: ResponseId, { run, timing, abortOnCut }: Required<TaskOptions>): void {
    const taskId = this.#newTask(responseId, run);
    this.#take({ type: 'task_bound', responseId, taskId, timing, abortOnCut });
  }

  /** An input made by a callback waits until all events of the previous input are delivered [RS5]. */
  #take(input: UntimedInput): void {
    this.#queue.push(input);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#draining = false;
    }
    this.#scheduleWake();
  }

  #step(untimed: UntimedInput): void {
    // The caller made this object only for this call, so it need not be copied.
    const input = untimed as UntimedInput & { atMs: AgentMs } & TimelineInput;
    input.atMs = this.#clock.nowMs();
    if (input.type === 'playhead' && this.#refuses(input)) return;
    const { state, events } = step(this.#state, input);
    this.#state = state;
    this.#application?.write(input, events);
    for (const event of events) this.#deliver(event);
    // A response that was declared, or a task that was bound, when nothing takes it any more.
    if ('responseId' in input && !responseOf(state, input.responseId))
      this.#application?.forget(input.responseId);
  }

  /** A report that cannot be true is counted, and leaves no line in the trace, so that a liar cannot fill it [LW11]. */
  #refuses({ report, atMs }: Extract<TimelineInput, { type: 'playhead' }>): boolean {
    const reason = this.#state.isClosed ? undefined : refusalOf(this.#state, report, atMs);
    if (reason === undefined) return false;
    if (this.#drops.add(reason, 1, atMs)) this.#reportDrops();
    return true;
  }

  #reportDrops(all: boolean = false): void {
    for (const { reason, count } of this.#drops.take(this.#clock.nowMs(), all))
      this.#take({ type: 'report_dropped', reason, count });
  }

  #deliver(event: OncueEvent): void {
    if (event.type === 'agent_state_applied') {
      try {
        this.#applyState?.(event);
      } catch (error) {
        this.#application?.threw(error, event);
      }
    }
    const application = this.#application;
    if (event.type === 'task_aborted') application?.tasks.abort(event.taskId, event.reason);
    this.#emitter.emit(event);
    if (application) application.delivered(event);
    // A task that was bound before `detach` never runs.
    else if (event.type === 'task_started')
      this.#take({ type: 'task_settled', taskId: event.taskId });
  }

  /** Records that a function of the application threw. `during` says what called it [TK6]. */
  callbackFailed(during: string, error: unknown): void {
    this.#take({ type: 'callback_threw', during, message: messageOf(error) });
  }

  /** Records that a chat message holds another text than applications were given [LK21]. */
  messageCorrected(of: { messageId: string; text: string; before: string }): void {
    this.#take({ type: 'message_corrected', ...of });
  }

  /** Keeps a timer that is too early: one early wake costs less than a new timer for every report. */
  #scheduleWake(): void {
    const dueAtMs = this.#dueAtMs;
    if (dueAtMs !== undefined && this.#wakeAtMs !== undefined && this.#wakeAtMs <= dueAtMs) return;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeAtMs = dueAtMs;
    if (dueAtMs === undefined) return;
    const delayMs = Math.max(0, dueAtMs - this.#clock.nowMs());
    this.#cancelWake = this.#clock.schedule(delayMs, () => this.#wake());
  }

  /** When something is due that no input brings. */
  get #dueAtMs(): AgentMs | undefined {
    const stepAtMs = nextDue(this.#state)?.atMs;
    const dropsAtMs = this.#state.isClosed ? undefined : this.#drops.dueAtMs;
    if (stepAtMs === undefined || dropsAtMs === undefined) return stepAtMs ?? dropsAtMs;
    return earlierOf(stepAtMs, dropsAtMs);
  }

  #wake(): void {
    this.#wakeAtMs = undefined;
    this.#cancelWake = undefined;
    this.#reportDrops();
    const dueAtMs = nextDue(this.#state)?.atMs;
    if (dueAtMs !== undefined && dueAtMs <= this.#clock.nowMs()) this.#take({ type: 'tick' });
    else this.#scheduleWake();
  }
}
