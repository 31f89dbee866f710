import { voice } from '@livekit/agents';

/** The captions of one segment of speech in LiveKit's `TranscriptionSynchronizer` (`SegmentSynchronizerImpl`). */
export interface CaptionSegment {
  seedFromPushAudio: boolean;
  readonly synchronizedTranscript: string;
  /** All of its text that it was given. */
  readonly textData?: { readonly pushedText: string };
  readonly closedFuture: { readonly done: boolean; readonly await: Promise<void> };
  readonly outputStreamWriter: { write(chunk: string | voice.TimedString): Promise<void> };
  sleepIfNotClosed(seconds: number): Promise<void>;
  /** Fulfilled when all of it has been shown. */
  readonly captureTask: Promise<void>;
  markPlaybackFinished(playbackPosition: number, interrupted: boolean): void;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Where a segment shows its captions. */
export interface CaptionSink {
  captureText(text: string | voice.TimedString): Promise<void>;
  flush(): void;
}

/** Shows captions when those of another segment are out. */
export function sinkAfter(before: CaptionSegment, sink: CaptionSink): CaptionSink {
  const isOut = before.captureTask.catch(() => {});
  return {
    captureText: async (text) => {
      await isOut;
      await sink.captureText(text);
    },
    flush: () => void isOut.then(() => sink.flush()),
  };
}

/** Makes a segment of captions. */
export type CaptionSegmentClass = new (
  options: unknown,
  nextInChain: CaptionSink,
  seedFromPushAudio: boolean,
) => CaptionSegment;

/** Whether Oncue knows how to adapt a segment, and how to make another one while this one is shown. */
export function isKnownSegment(segment: Partial<CaptionSegment> | undefined): boolean {
  if (!segment) return false;
  const { sleepIfNotClosed, markPlaybackFinished, pause, resume, close } = segment;
  return (
    [sleepIfNotClosed, markPlaybackFinished, pause, resume, close].every(
      (method) => typeof method === 'function',
    ) &&
    typeof segment.seedFromPushAudio === 'boolean' &&
    typeof segment.synchronizedTranscript === 'string' &&
    typeof segment.outputStreamWriter?.write === 'function' &&
    typeof segment.closedFuture?.done === 'boolean' &&
    segment.captureTask instanceof Promise
  );
}

/** A segment of captions that follows the playback. */
export class FollowedSegment {
  readonly #inner: CaptionSegment;
  readonly #write: (chunk: string | voice.TimedString) => Promise<void>;
  #shown = '';
  #isCut = false;
  #heard: string | undefined;

  constructor(inner: CaptionSegment) {
    this.#inner = inner;
    inner.seedFromPushAudio = false;
    inner.sleepIfNotClosed = (seconds) => sleep(inner, seconds);
    const writer = inner.outputStreamWriter;
    this.#write = writer.write.bind(writer);
    writer.write = (chunk) => this.#show(chunk);
    const ofLiveKit = transcriptOf(inner);
    Object.defineProperty(inner, 'synchronizedTranscript', {
      get: () => this.#heard ?? ofLiveKit(),
    });
  }

  /**
   * The segment was cut: it is shown as far as it was heard, and that is what LiveKit's handler of it gives out.
   *
   * @param isShown - `false`: its captions pass by the segment.
   */
  cutAfter(heard: string, isShown: boolean, finish: () => void): void {
    if (isShown && !this.#inner.closedFuture.done) this.#showRest(heard);
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
    const isWhole = this.#inner.textData?.pushedText.startsWith(heard.trimEnd());
    return isWhole && heard.startsWith(this.#shown) ? heard.slice(this.#shown.length) : '';
  }

  #showRest(heard: string): void {
    if (heard.length <= this.#shown.length || !heard.startsWith(this.#shown)) return;
    const rest = voice.createTimedString({ text: heard.slice(this.#shown.length) });
    this.#send(rest).catch(() => {});
  }

  #show(chunk: string | voice.TimedString): Promise<void> {
    return this.#isCut ? Promise.resolve() : this.#send(chunk);
  }

  #send(chunk: string | voice.TimedString): Promise<void> {
    this.#shown += typeof chunk === 'string' ? chunk : chunk.text;
    return this.#write(chunk);
  }
}

/** LiveKit's own getter stands on the prototype. */
function transcriptOf(segment: CaptionSegment): () => string {
  const prototype: unknown = Object.getPrototypeOf(segment);
  return () => String(Reflect.get(prototype as object, 'synchronizedTranscript', segment));
}

function sleep(segment: CaptionSegment, seconds: number): Promise<void> {
  if (segment.closedFuture.done) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    void segment.closedFuture.await.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
