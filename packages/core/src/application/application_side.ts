import type { Clock } from '../clock.ts';
import { OpenResponses } from '../declared_response.ts';
import { Emitter } from '../emitter.ts';
import { messageOf } from '../errors.ts';
import type { OncueEvent } from '../events.ts';
import type { TimelineInput, UntimedInput } from '../step/inputs.ts';
import type { TimelineSetup } from '../timeline_setup.ts';
import type { ResponseId } from '../units.ts';
import { TaskRunner } from './task_runner.ts';

/**
 * What of a timeline belongs to the application: its handlers, its tasks, its waits for ends, its trace. They stand together
 * because `Timeline.detach` takes all of them away at once.
 */
export class ApplicationSide {
  /** Its handlers only. The timeline calls them among its own, until `detach`. */
  readonly handlers: Emitter;
  readonly tasks: TaskRunner;
  readonly responses: OpenResponses;
  #record: TimelineSetup['record'];
  #take: (input: UntimedInput) => void;

  /** @param take - gives an input to the timeline that it belongs to. */
  constructor(record: TimelineSetup['record'], take: (input: UntimedInput) => void) {
    this.#record = record;
    this.#take = take;
    const threw = (error: unknown, event: OncueEvent): void => this.threw(error, event);
    this.handlers = new Emitter(threw);
    this.responses = new OpenResponses(threw);
    this.tasks = new TaskRunner((taskId, message) => {
      this.#take({ type: 'task_settled', taskId, ...(message === undefined ? {} : { message }) });
    });
  }

  /** From now on it belongs to another timeline. */
  moveTo(take: (input: UntimedInput) => void): void {
    this.#take = take;
  }

  /** A trace with a hole cannot be replayed, so a recorder that throws is not called again. */
  write(input: TimelineInput, events: readonly OncueEvent[]): void {
    try {
      this.#record?.(input, events);
    } catch (error) {
      this.#record = undefined;
      this.#take({ type: 'callback_threw', during: 'record', message: messageOf(error) });
    }
  }

  /** What an event causes once its handlers were called. */
  delivered(event: OncueEvent): void {
    if (event.type === 'task_started') this.tasks.start(event);
    if (event.type === 'response_skipped' || event.type === 'response_playback_finished') {
      this.tasks.forget(event.responseId);
      this.responses.end(event);
    }
  }

  /** The timeline does not follow a response: it was closed, or the turn is over. */
  forget(id: ResponseId): void {
    this.tasks.forget(id);
    this.responses.lose(id);
  }

  /** Waits for the tasks that run, and aborts those that still run after `deadlineMs` [TK4]. */
  async endTasks(clock: Clock, deadlineMs: number): Promise<void> {
    const { tasks } = this;
    if (tasks.runningIds.length === 0) return;
    let cancel = (): void => {};
    const deadline = new Promise<void>((resolve) => {
      cancel = clock.schedule(deadlineMs, resolve);
    });
    await Promise.race([tasks.settled(), deadline]);
    cancel();
    for (const taskId of tasks.runningIds)
      this.#take({ type: 'task_cancelled', taskId, reason: 'closed' });
  }

  /** A handler threw. */
  threw(error: unknown, event: OncueEvent): void {
    // A listener that throws on the report of its own failure would loop for ever.
    if (event.type === 'callback_failed') return;
    this.#take({ type: 'callback_threw', during: event.type, message: messageOf(error) });
  }
}
