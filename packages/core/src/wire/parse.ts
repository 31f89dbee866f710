import {
  BAD,
  type Check,
  type Fields,
  isNumber,
  isObject,
  isOneOf,
  isText,
  isWhole,
  parseMessage,
  type Refused,
} from './fields.ts';
import {
  type AgentEnvelope,
  type AgentMessage,
  type ListenerEnvelope,
  type ListenerMessage,
  WIRE_VERSION,
} from './messages.ts';

/** A message, or why the input is not one. */
export type Parsed<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly reason: 'bad_format' | 'too_large' };

const LISTENER_CHECKS: Readonly<Record<ListenerMessage['type'], Check>> = {
  hello: ({ evidence, playedBy }) =>
    isOneOf(evidence, ['device', 'transport']) &&
    isOneOf(playedBy, [undefined, 'graph', 'element']),
  playhead: isPlayhead,
  pong: ({ pingId, receivedAtMs, sentAtMs }) =>
    isWhole(pingId, 0) && isNumber(receivedAtMs) && isNumber(sentAtMs),
  audibility: ({ audibility, sinceMs }) =>
    isOneOf(audibility, ['muted', 'listening']) && isNumber(sinceMs),
  bye: () => true,
};

const AGENT_CHECKS: Readonly<Record<AgentMessage['type'], Check>> = {
  welcome: ({ sampleRateHz }) => isWhole(sampleRateHz, 1),
  announce: ({ responseId, sampleRateHz, heardBeforeSamples, segmentId }) =>
    isText(responseId) &&
    isWhole(sampleRateHz, 1) &&
    (heardBeforeSamples === undefined || isWhole(heardBeforeSamples, 0)) &&
    (segmentId === undefined || isText(segmentId)),
  end: ({ responseId, totalSamples }) => isText(responseId) && isWhole(totalSamples, 0),
  ping: ({ pingId }) => isWhole(pingId, 0),
  fingerprint: ({ responseId, sampleRateHz, atSample, leavesAtMs, sound }) =>
    isText(responseId) &&
    isWhole(sampleRateHz, 1) &&
    isWhole(atSample, 0) &&
    isNumber(leavesAtMs) &&
    typeof sound === 'string',
  clear: hasLeft,
  pause: hasLeft,
  resume: () => true,
};

/** Parses a listener's message: JSON text, or an object that is already decoded. Never throws. */
export function parseListenerMessage(raw: unknown): Parsed<ListenerMessage & ListenerEnvelope> {
  return knownOnly(
    parseMessage(
      raw,
      WIRE_VERSION,
      LISTENER_CHECKS,
      ({ epoch, seq }) => isText(epoch) && isWhole(seq, 1),
    ),
  );
}

/** Parses an agent's message: JSON text, or an object that is already decoded. Never throws. */
export function parseAgentMessage(raw: unknown): Parsed<AgentMessage & AgentEnvelope> {
  return knownOnly(
    parseMessage(
      raw,
      WIRE_VERSION,
      AGENT_CHECKS,
      ({ epoch, seq }) =>
        (seq === undefined || isWhole(seq, 1)) && (epoch === undefined || isText(epoch)),
    ),
  );
}

/** The text to send for a message of an agent. `of` gives its envelope in a room. */
export function encodeAgentMessage(
  message: AgentMessage,
  of: { readonly epoch?: string; readonly seq?: number } = {},
): string {
  const { epoch, seq } = of;
  return JSON.stringify(Object.assign({ v: WIRE_VERSION, epoch, seq }, message));
}

/** The text to send for a message of a listener. */
export function encodeListenerMessage(
  message: ListenerMessage,
  of: { epoch: string; seq: number },
): string {
  const { epoch, seq } = of;
  return JSON.stringify(Object.assign({ v: WIRE_VERSION, epoch, seq }, message));
}

function knownOnly<T>(parsed: { readonly ok: true; readonly message: T } | Refused): Parsed<T> {
  return parsed.ok || parsed.reason === 'too_large' ? (parsed as Parsed<T>) : BAD;
}

function isPlayhead({
  responseId,
  startedAtMs,
  heardSamples,
  positionAtMs,
  phase,
  evidence,
  errorBoundMs,
}: Fields): boolean {
  return (
    isText(responseId) &&
    isWhole(heardSamples, 0) &&
    isNumber(startedAtMs) &&
    isNumber(positionAtMs) &&
    positionAtMs >= startedAtMs &&
    isNumber(errorBoundMs) &&
    errorBoundMs >= 0 &&
    isOneOf(phase, ['playing', 'ended', 'cut']) &&
    isOneOf(evidence, ['device', 'transport', 'estimate'])
  );
}

function hasLeft({ left }: Fields): boolean {
  if (left === undefined) return true;
  return isObject(left) && isText(left['responseId']) && isWhole(left['samples'], 0);
}
