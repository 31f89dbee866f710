import { voice } from '@livekit/agents';
import type { FailOpen } from '../../fail_open.ts';
import { lackOf, memberOf, replaceMembers, type Shape } from '../members.ts';

/** The captions of one segment of speech in LiveKit's `TranscriptionSynchronizer` (`SegmentSynchronizerImpl`). */
export interface CaptionSegment {
  seedFromPushAudio: boolean;
  readonly synchronizedTranscript: string;
  /** All of its text that it was given. */
  readonly textData: { readonly pushedText: string };
  readonly closedFuture: { readonly done: boolean; readonly await: Promise<void> };
  readonly outputStreamWriter: { write(chunk: CaptionChunk): Promise<void> };
  sleepIfNotClosed(seconds: number): Promise<void>;
  /** Fulfilled when all of it has been shown. */
  readonly captureTask: Promise<void>;
  markPlaybackFinished(playbackPosition: number, interrupted: boolean): void;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

type CaptionChunk = string | voice.TimedString;

/** Where a segment shows its captions. */
export interface CaptionSink {
  captureText(text: CaptionChunk): Promise<void>;
  flush(): void;
}

const SEGMENT_SHAPE: Shape = {
  seedFromPushAudio: 'boolean',
  synchronizedTranscript: 'string',
  textData: { pushedText: 'string' },
  closedFuture: { done: 'boolean', await: 'promise' },
  outputStreamWriter: { write: 'function' },
  sleepIfNotClosed: 'function',
  captureTask: 'promise',
  markPlaybackFinished: 'function',
  pause: 'function',
  resume: 'function',
  close: 'function',
};

/** The first member of a segment that is not as Oncue knows it. */
export function lackOfSegment(segment: unknown): string | undefined {
  const lack = lackOf(segment, SEGMENT_SHAPE);
  if (lack !== undefined) return lack;
  // A value of the object's own could not be told from what LiveKit writes there later.
  const own = Object.getOwnPropertyDescriptor(segment, 'synchronizedTranscript');
  return own && 'value' in own ? 'synchronizedTranscript' : undefined;
}

const DURING = 'following captions';

/** A segment of captions that follows the playback. Where Oncue fails, it shows them as LiveKit does. */
export class FollowedSegment {
  readonly #inner: CaptionSegment;
  readonly #failOpen: FailOpen;
  /** Puts back LiveKit's members. */
  readonly release: () => void;
  readonly #write: (chunk: CaptionChunk) => Promise<void>;
  #shown = '';
  #isCut = false;
  #heard: string | undefined;
  #isStopped = false;

  /** @throws TypeError if a member cannot be replaced; then none is. */
  constructor(inner: CaptionSegment, failOpen: FailOpen) {
    this.#inner = inner;
    this.#failOpen = failOpen;
    const { outputStreamWriter: writer, sleepIfNotClosed } = inner;
    this.#write = writer.write.bind(writer);
    const ofLiveKit = transcriptOf(inner);
    const sleep = (seconds: number): Promise<void> =>
      failOpen.run(DURING, () => this.#sleep(seconds), undefined) ??
      sleepIfNotClosed.call(inner, seconds);
    this.release = replaceMembers([
      [inner, 'seedFromPushAudio', { value: false }],
      [inner, 'sleepIfNotClosed', { value: sleep }],
      [writer, 'write', { value: (chunk: CaptionChunk) => this.#show(chunk) }],
      [inner, 'synchronizedTranscript', { get: () => this.#heard ?? ofLiveKit() }],
    ]);
  }

  /** Shows no further word until it ends: the sound has stopped, and what was heard is not known yet. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * The segment was cut: it is shown as far as it was heard, and that is what LiveKit's handler of it gives out.
   *
   * @param isPassedBy - its captions pass by the segment.
   */
  cutAfter(heard: string, isPassedBy: boolean, finish: () => void): void {
    this.#failOpen.run(DURING, () => !isPassedBy && this.#showRest(heard), undefined);
    this.#isCut = true;
    this.#heard = heard;
    try {
      finish();
    } finally {
      this.#heard = undefined;
    }
  }

  /**
   * What of `heard` it has not shown. Empty if it was not given all of it, since the rest went by another way.
   */
  restOf(heard: string): string {
    const isWhole = this.#inner.textData.pushedText.startsWith(heard.trimEnd());
    return isWhole && heard.startsWith(this.#shown) ? heard.slice(this.#shown.length) : '';
  }

  /** LiveKit shows each word between two of these. It closes a segment that has ended. */
  #sleep(seconds: number): Promise<void> {
    const closed = Promise.resolve(this.#inner.closedFuture.await).catch(() => {});
    return sleepUnlessClosed(this.#inner, seconds).then(() =>
      this.#isStopped ? closed : undefined,
    );
  }

  #showRest(heard: string): void {
    if (this.#inner.closedFuture.done) return;
    if (heard.length <= this.#shown.length || !heard.startsWith(this.#shown)) return;
    const rest = voice.createTimedString({ text: heard.slice(this.#shown.length) });
    this.#send(rest).catch(() => {});
  }

  #show(chunk: CaptionChunk): Promise<void> {
    return this.#isCut ? Promise.resolve() : this.#send(chunk);
  }

  #send(chunk: CaptionChunk): Promise<void> {
    const text = typeof chunk === 'string' ? chunk : memberOf(chunk, 'text');
    if (typeof text === 'string') this.#shown += text;
    return this.#write(chunk);
  }
}

/** LiveKit's own getter stands on the prototype. */
function transcriptOf(segment: CaptionSegment): () => string {
  const prototype: unknown = Object.getPrototypeOf(segment);
  return () => String(Reflect.get(prototype as object, 'synchronizedTranscript', segment));
}

/** Never rejects: LiveKit would show nothing more, and wait for that segment forever. @throws Error if a member is not as Oncue knows it. */
function sleepUnlessClosed(segment: CaptionSegment, seconds: number): Promise<void> {
  const { done, await: closed } = segment.closedFuture;
  if (done) return Promise.resolve();
  let over = (): void => {};
  const isOver = (): void => over();
  // What throws here must not throw inside the promise, which would be rejected.
  closed.then(isOver, isOver);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    over = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
