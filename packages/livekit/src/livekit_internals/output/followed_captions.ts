import { voice } from '@livekit/agents';
import type { FailOpen } from '../../fail_open.ts';
import { replaceMembers } from '../members.ts';
import { type CaptionSegment, FollowedSegment, lackOfSegment } from './caption_segment.ts';
import { discardSegment, makeNextSegment } from './next_captions.ts';
import { isShown, type SyncedOutput, segmentOf } from './synced_output.ts';

const DURING = 'following captions';

/**
 * The captions of one output of LiveKit, which follow the playback. It replaces methods of that output and of its
 * synchronizer. Each calls LiveKit's method exactly once, whatever Oncue does before and after [LK11].
 */
export class FollowedCaptions {
  readonly #output: SyncedOutput;
  readonly #failOpen: FailOpen;
  readonly #segments = new WeakMap<CaptionSegment, FollowedSegment>();
  /** The one that text and audio are given to. */
  #current: CaptionSegment;
  /** Those before it that are still shown, the oldest first. */
  readonly #ending: CaptionSegment[] = [];
  /** The one that LiveKit's handler of a start or a finish is about, if it is not the current one. */
  #handled: CaptionSegment | undefined;
  /** Those of which LiveKit was told that they are heard. */
  readonly #started = new WeakSet<CaptionSegment>();
  /** LiveKit has closed it while its audio plays on, since the session's audio was switched off. */
  #cutShort: FollowedSegment | undefined;

  /** @throws TypeError if a member cannot be replaced; then none is. */
  constructor(output: SyncedOutput, failOpen: FailOpen) {
    this.#output = output;
    this.#failOpen = failOpen;
    const { synchronizer, onPlaybackStarted, onPlaybackFinished, pause, resume } = output;
    const { textOutput, _impl } = synchronizer;
    const { captureText } = textOutput;
    const segment = {
      get: () => this.#handled ?? this.#current,
      set: (next: CaptionSegment) => this.#rotated(next),
    };
    // A newer LiveKit may pass more arguments than Oncue knows.
    const started = (...args: readonly unknown[]): void =>
      failOpen.around(
        DURING,
        () => Reflect.apply(onPlaybackStarted, output, args),
        (start) => this.#start(start),
      );
    const finished = (event: voice.PlaybackFinishedEvent, ...more: readonly unknown[]): void =>
      failOpen.around(
        DURING,
        () => Reflect.apply(onPlaybackFinished, output, [event, ...more]),
        (finish) => this.#finished(event, finish),
      );
    const textCame = (...args: readonly unknown[]): unknown => {
      // The rest of an earlier text must not be shown after this one.
      this.#cutShort = undefined;
      return Reflect.apply(captureText, textOutput, args);
    };
    this.#current = _impl;
    const all =
      (method: () => void, name: 'pause' | 'resume') =>
      (...args: readonly unknown[]): unknown =>
        this.#all(() => Reflect.apply(method, output, args), name);
    const followed = new FollowedSegment(_impl, failOpen);
    this.#segments.set(_impl, followed);
    try {
      replaceMembers([
        [synchronizer, '_impl', segment],
        [textOutput, 'captureText', { value: textCame }],
        [output, 'onPlaybackStarted', { value: started }],
        [output, 'onPlaybackFinished', { value: finished }],
        [output, 'pause', { value: all(pause, 'pause') }],
        [output, 'resume', { value: all(resume, 'resume') }],
      ]);
    } catch (error) {
      followed.release();
      throw error;
    }
  }

  /** @returns What this LiveKit lacks for it; then nothing has changed. @throws TypeError if a member cannot be replaced; then too. */
  beginNext(): string | undefined {
    const before = this.#current;
    if (!isShown(this.#output) || before.closedFuture.done) return undefined;
    const next = makeNextSegment(this.#output, before);
    if (typeof next === 'string') return next;
    const followed = this.#followedOrDiscarded(next);
    this.#output.pushedDuration = 0;
    // Nothing fails from here on.
    this.#segments.set(next, followed);
    this.#ending.push(before);
    this.#current = next;
    return undefined;
  }

  /** Nothing more sounds of what was captured, and the pipeline says only later what was heard of it. */
  stop(): void {
    for (const segment of [...this.#ending, this.#current]) this.#segments.get(segment)?.stop();
  }

  #followedOrDiscarded(next: CaptionSegment): FollowedSegment {
    try {
      return new FollowedSegment(next, this.#failOpen);
    } catch (error) {
      discardSegment(next);
      throw error;
    }
  }

  /** LiveKit began another segment. One that is not as Oncue knows it is shown as LiveKit does. */
  #rotated(next: CaptionSegment): void {
    const before = this.#current;
    this.#current = next;
    this.#failOpen.run(
      DURING,
      () => {
        if (!isShown(this.#output) && this.#isPlaying)
          this.#cutShort ??= this.#segments.get(before);
        if (lackOfSegment(next) !== undefined) return;
        this.#segments.set(next, new FollowedSegment(next, this.#failOpen));
      },
      undefined,
    );
  }

  #all(ofLiveKit: () => unknown, method: 'pause' | 'resume'): unknown {
    const result = ofLiveKit();
    for (const segment of this.#ending)
      this.#failOpen.run(DURING, () => segment[method](), undefined);
    return result;
  }

  /** LiveKit takes each start for that of the current segment. One before it may be heard only now [AU21]. */
  #start(start: () => void): void {
    const segment = [...this.#ending, this.#current].find((one) => !this.#started.has(one));
    if (segment) this.#started.add(segment);
    this.#handled = segment;
    try {
      start();
    } finally {
      this.#handled = undefined;
    }
  }

  #finished(event: voice.PlaybackFinishedEvent, finish: () => void): void {
    const ending = this.#ending.shift();
    if (ending) {
      this.#finishEnding(ending, event, finish);
      return;
    }
    const { synchronizer } = this.#output;
    const failOpen = this.#failOpen;
    failOpen.run(DURING, () => this.#showRestOfCutShort(event), undefined);
    const segment = failOpen.run(DURING, () => segmentOf(synchronizer), this.#current);
    const isPassedBy = failOpen.run(DURING, () => !isShown(this.#output), false);
    this.#finish(segment, isPassedBy, event, finish);
  }

  /** Its pace is lost, but what was heard of it is known now [LK26]. */
  #showRestOfCutShort({ synchronizedTranscript: heard = '' }: voice.PlaybackFinishedEvent): void {
    const cutShort = this.#cutShort;
    this.#cutShort = undefined;
    const text = cutShort?.restOf(heard) ?? '';
    if (text.trim() === '') return;
    const sink = this.#output.synchronizer.textOutput.nextInChain;
    sink
      .captureText(voice.createTimedString({ text }))
      .then(() => sink.flush())
      .catch(() => {});
  }

  /** LiveKit makes the next segment when one ends. This one has its next. */
  #finishEnding(
    ending: CaptionSegment,
    event: voice.PlaybackFinishedEvent,
    finish: () => void,
  ): void {
    const output = this.#output;
    const failOpen = this.#failOpen;
    const { playbackPosition, interrupted } = event;
    const stopRotation = (): (() => void) =>
      replaceMembers([[output.synchronizer, 'rotateSegment', { value: () => {} }]]);
    const rotateAgain = failOpen.run(DURING, stopRotation, undefined);
    const pushedDuration = failOpen.run(DURING, () => output.pushedDuration, 0);
    this.#handled = ending;
    try {
      this.#finish(ending, false, event, finish);
    } finally {
      // When a session closes, LiveKit no longer tells its captions of the end.
      const markEnd = (): unknown =>
        isShown(output) ? undefined : ending.markPlaybackFinished(playbackPosition, interrupted);
      failOpen.run(DURING, markEnd, undefined);
      this.#handled = undefined;
      failOpen.run(DURING, () => rotateAgain?.(), undefined);
      const goOn = (): void => {
        output.pushedDuration = pushedDuration;
        ending.close().catch(() => {});
      };
      failOpen.run(DURING, goOn, undefined);
    }
  }

  /** @param isPassedBy - the captions pass by the segment. */
  #finish(
    segment: CaptionSegment,
    isPassedBy: boolean,
    event: voice.PlaybackFinishedEvent,
    finish: () => void,
  ): void {
    const followed = this.#segments.get(segment);
    const { interrupted, synchronizedTranscript: heard } = event;
    // Only Oncue's output gives a transcript, and only a cut one is not all of the text.
    if (!followed || !interrupted || heard === undefined) finish();
    else followed.cutAfter(heard, isPassedBy, finish);
  }

  /** The current segment, besides those that are ending. */
  get #isPlaying(): boolean {
    return (this.#output.pendingPlayoutSegments ?? 0) > this.#ending.length;
  }
}
