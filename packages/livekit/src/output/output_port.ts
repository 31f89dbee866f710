import type { AudioFrame } from '@livekit/rtc-node';
import type { AgentMs, Clock, CutBy, OncueEventOf, ResponseId, Timeline } from '@oncue/core';
import type { FailOpen } from '../fail_open.ts';
import type { ListenerDevice } from '../listeners/listener_device.ts';
import type { PlayoutHolds } from '../listeners/playout_holds.ts';
import type { Heard } from './chat_correction.ts';

/** Audio of a speech that Oncue does not follow, which was reported when that began. */
export class UntrackedAudio extends Error {}

/** Which response has ended. */
type Ended = Pick<OncueEventOf<'response_skipped'>, 'responseId' | 'speechId'>;

/** What the output needs of the session it belongs to. */
export interface OutputPort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly listener: ListenerDevice;
  readonly holds: PlayoutHolds;
  /** Runs a hand-over of audio. What the listener reports meanwhile counts after it. */
  readonly holdMessages: (handOver: () => void) => void;
  /** Since when the listener has not answered; `undefined`: it answers. */
  readonly unansweredSinceMs: () => AgentMs | undefined;
  readonly failOpen: FailOpen;
  /** The response that a frame belongs to; `undefined` for audio of a speech that is over. */
  readonly responseOf: (frame: AudioFrame, open: ResponseId | undefined) => ResponseId | undefined;
  /**
   * The first audio of a response is about to be sent.
   *
   * @returns Whether the pipeline waits for `whenLetGo`.
   */
  readonly segmentBegins: (reportSegment: (segmentId: string) => void) => boolean;
  /** A segment that was let go has ended, and the pipeline did not wait for `whenLetGo`. */
  readonly nobodyWaits: () => void;
  /** What of a response's caption was heard or may have been, for the chat context. */
  readonly heardCaption: (of: Ended & Heard) => string;
  /** Something else is said when the current speech is over. */
  readonly isSpeechWaiting: () => boolean;
  /** The speech that the running code belongs to was interrupted. */
  readonly isInterrupted: () => boolean;
  /** Resolves with `until`, or as soon as that speech is interrupted. */
  readonly orInterrupted: (until: Promise<void>) => Promise<void>;
  /** Who stopped the playout. */
  readonly cutBy: () => CutBy;
  /** What plays was cut. */
  readonly afterCut: () => void;
  /** Responses cut by force of which something may sound. LiveKit does not wait for their end. */
  readonly cutByForce: () => readonly ResponseId[];
}
