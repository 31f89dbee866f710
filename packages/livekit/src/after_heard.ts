import type { voice } from '@livekit/agents';
import {
  type Clock,
  type NotAwaited,
  OncueError,
  type ResponsePlaybackFinished,
  type ResponseSkipped,
} from '@oncue/core';
import { checkWaitOptions, KnownOnce } from '@oncue/core/internal';

/** How much of a speech was heard, or why that was not waited for [AH4]. */
export type SpeechHeard =
  | {
      /**
       * `heard`: all of its words. `partly_heard`: nobody could hear some of them, or the voice gave no audio for them, or
       * they were only written. `cut`: it was interrupted, or the session was closed. `failed`: its text or synthesis failed.
       * `not_heard`: it is over and nothing of it was heard, for example because it had no text or nobody listened.
       */
      readonly outcome: 'heard' | 'partly_heard' | 'cut' | 'failed' | 'not_heard';
      /** The ends of its responses, in the order in which they ended. */
      readonly responses: readonly (ResponsePlaybackFinished | ResponseSkipped)[];
    }
  | NotAwaited
  /** LiveKit says that the speech is over and was not interrupted. Oncue is switched off, or did not follow it. */
  | { readonly outcome: 'not_known' };

/** A speech of LiveKit: a `SpeechHandle`, or what awaiting one gives. */
export type SpokenSpeech = Pick<voice.SpeechHandle, 'id' | 'interrupted' | 'addDoneCallback'>;

/** When `afterHeard` gives up, and what it does after a cut. */
export interface AfterHeardOptions {
  /** The longest wait, in ms ≥ 0 from the call on. The function then runs with `timed_out`. Default 30,000. */
  readonly timeoutMs?: number;
  /** What happens if the speech is cut: `skip` (default) does not run the function, `run` does. */
  readonly onCut?: 'skip' | 'run';
  /** Ends the wait, and the function does not run. */
  readonly signal?: AbortSignal;
}

/** What is to be done after a speech was heard. What it returns is not used, unless it is a promise, which is awaited [RS12]. */
export type AfterHeardFunction =
  | ((heard: SpeechHeard) => void)
  | ((heard: SpeechHeard) => Promise<void>);

/** What became of a call of `afterHeard`. */
export type AfterHeard =
  | { readonly status: 'ran' | 'not_run'; readonly heard: SpeechHeard }
  /** The function threw or rejected. `callback_failed` says so too. */
  | { readonly status: 'failed'; readonly heard: SpeechHeard; readonly error: unknown };

/** How long `afterHeard` waits if it is not told, in ms. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** What is known of a speech, and how to wait. */
export interface AfterHeardPort {
  readonly clock: Clock;
  /** What Oncue comes to know of a speech; `undefined` if it does not follow it. May throw `ONCUE_BAD_OPTION`. */
  readonly heardOf: (speech: SpokenSpeech) => KnownOnce<SpeechHeard> | undefined;
  /** The function threw. */
  readonly failed: (error: unknown) => void;
}

/**
 * Runs a function after a speech was heard, once or never [AH4].
 *
 * @throws OncueError `ONCUE_BAD_OPTION` for an argument of the wrong type or range.
 */
export function afterHeard(
  speech: SpokenSpeech,
  fn: AfterHeardFunction,
  options: AfterHeardOptions,
  port: AfterHeardPort,
): Promise<AfterHeard> {
  checkCall(speech, fn, options);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, onCut = 'skip' } = options;
  const { clock } = port;
  const untilMs = clock.nowMs() + timeoutMs;
  const ends = signal ? { signal } : {};
  const heard = port.heardOf(speech) ?? overWithoutOncue(speech);
  return heard.wait({ timeoutMs, ...ends }, clock).then(async (result) => {
    // Where the end is known to some milliseconds, the last sample may still sound.
    const leftMs = Math.min(certainlyEndedAtMs(result), untilMs) - clock.nowMs();
    if (leftMs > 0) await new KnownOnce<never>().wait({ timeoutMs: leftMs, ...ends }, clock);
    const outcome: SpeechHeard = signal?.aborted ? { outcome: 'aborted' } : result;
    const isOff = outcome.outcome === 'cut' && onCut === 'skip';
    if (isOff || outcome.outcome === 'aborted') return { status: 'not_run', heard: outcome };
    return run(fn, outcome, port.failed);
  });
}

/** When nothing of it can sound any more, by the bounds of its ends. What was cut is not waited for. */
function certainlyEndedAtMs(heard: SpeechHeard): number {
  if (!('responses' in heard) || heard.outcome === 'cut') return Number.NEGATIVE_INFINITY;
  const endsMs = heard.responses.map((end) =>
    end.type === 'response_playback_finished'
      ? end.endedAtMs + end.errorBoundMs
      : Number.NEGATIVE_INFINITY,
  );
  return Math.max(...endsMs);
}

async function run(
  fn: AfterHeardFunction,
  heard: SpeechHeard,
  failed: (error: unknown) => void,
): Promise<AfterHeard> {
  try {
    await fn(heard);
    return { status: 'ran', heard };
  } catch (error) {
    failed(error);
    return { status: 'failed', heard, error };
  }
}

/** A speech that Oncue does not follow is over when LiveKit says so. */
function overWithoutOncue(speech: SpokenSpeech): KnownOnce<SpeechHeard> {
  const over = new KnownOnce<SpeechHeard>();
  speech.addDoneCallback(() =>
    over.set(speech.interrupted ? { outcome: 'cut', responses: [] } : { outcome: 'not_known' }),
  );
  return over;
}

/**
 * How a speech was heard, from the ends of its responses.
 *
 * @param hasWords - whether the text of a response has a word. Of one that is "..." alone a voice need not give audio.
 */
export function speechHeard(
  responses: readonly (ResponsePlaybackFinished | ResponseSkipped)[],
  isCut: boolean,
  hasWords: (response: ResponseSkipped) => boolean = () => true,
): SpeechHeard {
  const of = (outcome: ResponsePlaybackFinished['outcome']): boolean =>
    responses.some((end) => end.type === 'response_playback_finished' && end.outcome === outcome);
  const skipped = (...reasons: readonly ResponseSkipped['reason'][]): boolean =>
    responses.some((end) => end.type === 'response_skipped' && reasons.includes(end.reason));
  if (isCut || of('cut') || skipped('cut', 'closed')) return { outcome: 'cut', responses };
  if (of('failed') || skipped('failed')) return { outcome: 'failed', responses };
  const isHeard = responses.some(({ type }) => type === 'response_playback_finished');
  if (!isHeard && skipped('not_known')) return { outcome: 'not_known' };
  if (!isHeard) return { outcome: 'not_heard', responses };
  const isPart =
    of('partly_heard') ||
    skipped('no_listener', 'muted', 'not_known', 'not_played') ||
    responses.some((end) => isSilent(end) && hasWords(end));
  return { outcome: isPart ? 'partly_heard' : 'heard', responses };
}

/** No audio of it was made. */
function isSilent(end: ResponsePlaybackFinished | ResponseSkipped): end is ResponseSkipped {
  return end.type === 'response_skipped' && ['no_audio', 'not_spoken'].includes(end.reason);
}

function checkCall(speech: unknown, fn: unknown, options: AfterHeardOptions): void {
  if (typeof (speech as Partial<SpokenSpeech> | null)?.addDoneCallback !== 'function')
    throw bad('afterHeard takes a speech: what session.say() or session.generateReply() returned');
  if (typeof fn !== 'function') throw bad('afterHeard takes a function to run after the speech');
  checkWaitOptions('afterHeard', options, ['onCut']);
  const { onCut } = options;
  if (onCut !== undefined && onCut !== 'skip' && onCut !== 'run')
    throw bad(`onCut is "${String(onCut)}"; use 'skip' or 'run'`);
}

function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}
