import type { Clock } from './clock.ts';
import type { OncueEvent, ResponsePlaybackFinished, ResponseSkipped } from './events.ts';
import { checkWaitOptions, KnownOnce, type NotAwaited, type WaitOptions } from './known_once.ts';
import type { ResponseId } from './units.ts';

/** How a response ended, or why that was not waited for [AH2]. */
export type HeardResult =
  | {
      /** As in the event. `cut`: stopped after its first sample was heard, also by the close of the session. */
      readonly outcome: ResponsePlaybackFinished['outcome'];
      readonly event: ResponsePlaybackFinished;
    }
  /** Nothing of it was heard. `event.reason` says why; `cut` if it was stopped before its first sample. */
  | { readonly outcome: 'skipped'; readonly event: ResponseSkipped }
  | NotAwaited
  /** Oncue does not follow it: it is switched off, its turn could not be opened, or the session was closed before. */
  | { readonly outcome: 'not_known' };

/** A declared response. */
export interface DeclaredResponse {
  readonly id: ResponseId;
  /** Position in its turn, from 0. */
  readonly index: number;
  /**
   * Waits until the response has ended, which may have happened already. Each response ends [RS3], so without a
   * time-out this waits at most until the session closes. A later `response_playback_refined` does not change the result.
   *
   * Do not await it in the generator that makes the response's turn: the wait holds up the text that follows.
   *
   * @returns A promise that never rejects.
   * @throws OncueError `ONCUE_BAD_OPTION` for an option that is unknown, or of the wrong type or range.
   */
  heard(options?: WaitOptions): Promise<HeardResult>;
}

/** What ends a response. */
export type ResponseEnd = ResponsePlaybackFinished | ResponseSkipped;

/** A response whose end is passed on to those who wait for it. */
export class OpenResponse implements DeclaredResponse {
  readonly id: ResponseId;
  readonly index: number;
  readonly #clock: Clock;
  readonly #end: KnownOnce<HeardResult> = new KnownOnce();

  constructor(id: ResponseId, index: number, clock: Clock) {
    this.id = id;
    this.index = index;
    this.#clock = clock;
  }

  heard(options: WaitOptions = {}): Promise<HeardResult> {
    checkWaitOptions('heard', options);
    return this.#end.wait(options, this.#clock);
  }

  /** Nobody will ever know how this response ends. @internal */
  lost(): void {
    this.#end.set({ outcome: 'not_known' });
  }

  /** @internal */
  ended(event: ResponseEnd): void {
    if (event.type === 'response_skipped') this.#end.set({ outcome: 'skipped', event });
    else this.#end.set({ outcome: event.outcome, event });
  }
}

/** Called when a response that was heard has ended. What it returns is not used; a promise may reject [RS12]. */
export type FinishedHandler =
  | ((event: ResponsePlaybackFinished) => void)
  | ((event: ResponsePlaybackFinished) => Promise<void>);

interface Watched {
  readonly response: OpenResponse;
  readonly onFinished: FinishedHandler | undefined;
}

/** The responses that have not ended, and what the application wants to know of their ends [AH1, AH2]. */
export class OpenResponses {
  readonly #open = new Map<ResponseId, Watched>();
  readonly #onError: (error: unknown, event: OncueEvent) => void;

  constructor(onError: (error: unknown, event: OncueEvent) => void) {
    this.#onError = onError;
  }

  add(response: OpenResponse, onFinished: FinishedHandler | undefined): void {
    this.#open.set(response.id, { response, onFinished });
  }

  end(event: ResponseEnd): void {
    const watched = this.#open.get(event.responseId);
    if (!watched) return;
    this.#open.delete(event.responseId);
    watched.response.ended(event);
    if (watched.onFinished && event.type === 'response_playback_finished')
      void this.#call(watched.onFinished, event);
  }

  /** A closed timeline, or a turn that is over, took no notice of the response. */
  lose(id: ResponseId): void {
    this.#open.get(id)?.response.lost();
    this.#open.delete(id);
  }

  async #call(handler: FinishedHandler, event: ResponsePlaybackFinished): Promise<void> {
    try {
      await handler(event);
    } catch (error) {
      this.#onError(error, event);
    }
  }
}
