import type { Evidence } from '../events.ts';
import type { ListenerMs, ResponseId } from '../units.ts';

/**
 * The messages between the agent and a listener. One JSON object each, on whatever carries them: a WebSocket, a LiveKit
 * data channel, a function call. All may be lost, late, repeated or reordered.
 *
 * Instants of the listener are on the listener's clock; `ClockMap` puts them on the agent's.
 */
export const WIRE_VERSION = 1;

/** A message longer than this, in characters of JSON, is not parsed. The longest of ours has about 400. */
export const MAX_WIRE_CHARS = 4096;

/** Agent to listener: the first message, by which a page sets up its audio. */
export interface Welcome {
  readonly type: 'welcome';
  /** The rate of all samples on this connection. */
  readonly sampleRateHz: number;
}

/** Agent to listener: audio of this response is about to come. Sent ahead of its first frame. */
export interface Announce {
  readonly type: 'announce';
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  /**
   * Samples of the response that were heard before, on an earlier connection; the audio goes on behind them, and
   * `Playhead.heardSamples` counts them. Left out: 0.
   */
  readonly heardBeforeSamples?: number;
  /** LiveKit's id of the transcript segment, so that a client can join the two. */
  readonly segmentId?: string;
}

/** Agent to listener: all audio of the response has been sent; it has `totalSamples`. */
export interface End {
  readonly type: 'end';
  readonly responseId: ResponseId;
  readonly totalSamples: number;
}

/** Agent to listener: stop now, empty the buffer, report the last sample that sounded. */
export interface Clear {
  readonly type: 'clear';
}

/** Agent to listener: stand still, keep the buffer. */
export interface Pause {
  readonly type: 'pause';
}

/** Agent to listener: go on from where it stood. */
export interface Resume {
  readonly type: 'resume';
}

/** Agent to listener: what time is it with you? */
export interface Ping {
  readonly type: 'ping';
  readonly pingId: number;
}

/** Listener to agent: I am here and will report. A reload makes a new `epoch`. */
export interface Hello {
  readonly type: 'hello';
  readonly evidence: Exclude<Evidence, 'estimate'>;
}

/** Listener to agent: where my playhead stands in one response. Absolute: any one of them tells the whole. */
export interface Playhead {
  readonly type: 'playhead';
  readonly responseId: ResponseId;
  /** When the first sample sounded. */
  readonly startedAtMs: ListenerMs;
  /** How many samples have sounded, at the announced rate. */
  readonly heardSamples: number;
  /** When that was so. */
  readonly positionAtMs: ListenerMs;
  readonly phase: 'playing' | 'ended' | 'cut';
  readonly evidence: Evidence;
  /** Half-width in ms, of the listener's own measurement. */
  readonly errorBoundMs: number;
}

/** Listener to agent: the answer to a `ping`. */
export interface Pong {
  readonly type: 'pong';
  readonly pingId: number;
  readonly receivedAtMs: ListenerMs;
  readonly sentAtMs: ListenerMs;
}

/** Listener to agent: I am leaving. */
export interface Bye {
  readonly type: 'bye';
}

/** What an agent sends. */
export type AgentMessage = Welcome | Announce | End | Clear | Pause | Resume | Ping;

/** What a listener sends, without its envelope. */
export type ListenerMessage = Hello | Playhead | Pong | Bye;

/** What every message of a listener carries. */
export interface ListenerEnvelope {
  readonly v: typeof WIRE_VERSION;
  /** Made up anew by every page load, so that counters of an old page are not taken for those of the new. */
  readonly epoch: string;
  /** Counts up by one a message, from 1, within an epoch. */
  readonly seq: number;
}

/** What every message of an agent carries. */
export interface AgentEnvelope {
  readonly v: typeof WIRE_VERSION;
}
