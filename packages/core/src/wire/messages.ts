import type { Evidence } from '../events.ts';
import type { ListenerMs, ResponseId } from '../units.ts';

/**
 * The messages between the agent and a listener. One JSON object each, on whatever carries them: a WebSocket, a LiveKit
 * data channel, a function call. All may be lost, late, repeated or reordered.
 *
 * Instants of the listener are on the listener's clock; `ClockMap` puts them on the agent's.
 */
export const WIRE_VERSION = 1;

/** A message longer than this, in characters of JSON, is not parsed. The longest of ours, a fingerprint, has about 1,900. */
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
  /**
   * In a room: what had left the agent by then. It is on its way and still sounds; nothing behind it does. Left out
   * where the listener holds the buffer, and when nothing of what is cut had left.
   */
  readonly left?: Left;
}

/** What of which response has left the agent, counted from the response's first sample. Of those before it, all has. */
export interface Left {
  readonly responseId: ResponseId;
  readonly samples: number;
}

/**
 * Agent to listener in a room: how a piece of a response sounds, so that it is found in what the listener renders. Sent
 * about when the piece leaves the agent, and good for its announcement if that was lost.
 */
export interface Fingerprint {
  readonly type: 'fingerprint';
  readonly responseId: ResponseId;
  /** The rate in which `atSample` and `Playhead.heardSamples` count. */
  readonly sampleRateHz: number;
  /** Where in the response the piece begins. */
  readonly atSample: number;
  /** When it leaves the agent's queue, on the agent's clock: a piece 300 ms later sounds 300 ms later. */
  readonly leavesAtMs: number;
  /** The piece in the speech band, see `speech_band.ts`: 8 kHz, 8 bit signed, loudest sample 127, in base64. */
  readonly sound: string;
}

/** Agent to listener: stand still, keep the buffer. */
export interface Pause {
  readonly type: 'pause';
  /** In a room: what had left by then still sounds, and there it stands. */
  readonly left?: Left;
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
  /**
   * In a room, how the agent's track sounds: through the reporter's own audio graph, which is measured, or by an element
   * of the page beside it, whose distance to the graph is only known to some 25 ms. For the record; the error bound says
   * what it means.
   */
  readonly playedBy?: 'graph' | 'element';
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
export type AgentMessage = Welcome | Announce | Fingerprint | End | Clear | Pause | Resume | Ping;

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
  /**
   * In a room, where a message may come twice and out of order: counts up by one a message, from 1. A `clear` takes only
   * what was announced with a lower number.
   */
  readonly seq?: number;
  /** In a room: made up anew by every session, so that its numbers are not compared with those of the last. */
  readonly epoch?: string;
}

/** Topics of the data packets in a room, by sender. */
export const AGENT_TOPIC = 'oncue.agent';
export const LISTENER_TOPIC = 'oncue.listener';
