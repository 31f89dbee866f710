import type { Evidence } from '../events.ts';
import type { ListenerMs, ResponseId } from '../units.ts';

/**
 * The messages between the agent and a listener. Each is one JSON object, carried by a WebSocket, a LiveKit data
 * channel or a function call. Any may be lost, late, repeated or reordered.
 *
 * Instants in a listener's messages are on the listener's clock. `ClockMap` maps them to the agent's.
 */
export const WIRE_VERSION = 1;

/** A longer message, in characters of JSON, is not parsed. The longest message, a fingerprint, has about 1,900. */
export const MAX_WIRE_CHARS = 4096;

/** Agent to listener: the first message. The page sets up its audio from it. */
export interface Welcome {
  readonly type: 'welcome';
  /** The rate of all samples on this connection. */
  readonly sampleRateHz: number;
}

/** Agent to listener: audio of this response follows. Sent before its first frame. */
export interface Announce {
  readonly type: 'announce';
  readonly responseId: ResponseId;
  readonly sampleRateHz: number;
  /**
   * Samples of the response that were heard on an earlier connection. The audio continues after them, and
   * `Playhead.heardSamples` includes them. Default: 0.
   */
  readonly heardBeforeSamples?: number;
  /** LiveKit's id of the transcript segment, so that a client can match it to the response. */
  readonly segmentId?: string;
}

/** Agent to listener: all audio of the response has been sent; it has `totalSamples`. */
export interface End {
  readonly type: 'end';
  readonly responseId: ResponseId;
  readonly totalSamples: number;
}

/** Agent to listener: stop now, empty the buffer and report the last sample that sounded. */
export interface Clear {
  readonly type: 'clear';
  /**
   * In a room: what had left the agent by then. It still sounds, and nothing after it does. Absent if the listener has
   * the buffer, and if none of the cut audio had left.
   */
  readonly left?: Left;
}

/** How much of a response has left the agent, from its first sample. All earlier responses have left completely. */
export interface Left {
  readonly responseId: ResponseId;
  readonly samples: number;
}

/**
 * Agent to listener in a room: the sound of a piece of a response, so that the listener can find it in its output. Sent
 * at about the time when the piece leaves the agent. It stands in for a lost announcement.
 */
export interface Fingerprint {
  readonly type: 'fingerprint';
  readonly responseId: ResponseId;
  /** The rate of the samples that `atSample` and `Playhead.heardSamples` count. */
  readonly sampleRateHz: number;
  /** The sample of the response at which the piece begins. */
  readonly atSample: number;
  /** When it leaves the agent's queue, on the agent's clock. A piece that leaves 300 ms later sounds 300 ms later. */
  readonly leavesAtMs: number;
  /** The piece in the speech band, see `speech_band.ts`: 8 kHz, 8 bit signed, loudest sample 127, in base64. */
  readonly sound: string;
}

/** Agent to listener: pause playback and keep the buffer. */
export interface Pause {
  readonly type: 'pause';
  /** In a room: what had left by then. It still sounds, and playback stops after it. */
  readonly left?: Left;
}

/** Agent to listener: continue from where playback paused. */
export interface Resume {
  readonly type: 'resume';
}

/** Agent to listener: asks for the time on the listener's clock. */
export interface Ping {
  readonly type: 'ping';
  readonly pingId: number;
}

/** Listener to agent: I am present and will report. A reload starts a new `epoch`. */
export interface Hello {
  readonly type: 'hello';
  readonly evidence: Exclude<Evidence, 'estimate'>;
  /**
   * In a room, what plays the agent's track: the reporter's own audio graph, which is measured, or a media element of
   * the page, whose offset from the graph is only known to about 25 ms. Informational: the error bound already includes
   * it.
   */
  readonly playedBy?: 'graph' | 'element';
}

/** Listener to agent: my playhead in one response. Absolute, so that a single report is enough. */
export interface Playhead {
  readonly type: 'playhead';
  readonly responseId: ResponseId;
  /** When the response's first sample sounded. */
  readonly startedAtMs: ListenerMs;
  /** How many samples have sounded, at the announced rate. */
  readonly heardSamples: number;
  /** When `heardSamples` was true. */
  readonly positionAtMs: ListenerMs;
  readonly phase: 'playing' | 'ended' | 'cut';
  readonly evidence: Evidence;
  /** Half-width in ms of the interval that contains the true instant, from the listener's own measurement. */
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

/**
 * Listener to agent: whether I can hear the agent, from an instant on. `muted`: the page or its user has muted it, or there
 * is no output for it. After a `hello` it is `listening` until this says otherwise.
 */
export interface ListenerAudibility {
  readonly type: 'audibility';
  readonly audibility: 'muted' | 'listening';
  readonly sinceMs: ListenerMs;
}

/** A message of an agent, without its envelope. */
export type AgentMessage = Welcome | Announce | Fingerprint | End | Clear | Pause | Resume | Ping;

/** A message of a listener, without its envelope. */
export type ListenerMessage = Hello | Playhead | Pong | ListenerAudibility | Bye;

/** Fields of every message of a listener. */
export interface ListenerEnvelope {
  readonly v: typeof WIRE_VERSION;
  /** New for every page load, so that an old page's counters are not confused with the new page's. */
  readonly epoch: string;
  /** Increases by one per message, from 1, within an epoch. */
  readonly seq: number;
}

/** Fields of every message of an agent. */
export interface AgentEnvelope {
  readonly v: typeof WIRE_VERSION;
  /**
   * In a room, where messages may be repeated or reordered: increases by one per message, from 1. A `clear` affects
   * only responses that were announced with a lower number.
   */
  readonly seq?: number;
  /** In a room: new for every session, so that its numbers are not compared with an earlier session's. */
  readonly epoch?: string;
}

/** Topics of the data packets in a room, by sender. */
export const AGENT_TOPIC = 'oncue.agent';
export const LISTENER_TOPIC = 'oncue.listener';
