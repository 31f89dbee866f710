import { isNumber, isText, isWhole } from './fields.ts';
import {
  type AgentEnvelope,
  type AgentMessage,
  type ListenerEnvelope,
  type ListenerMessage,
  MAX_WIRE_CHARS,
  WIRE_VERSION,
} from './messages.ts';

/** A message, or why the input is not one. */
export type Parsed<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly reason: 'bad_format' | 'too_large' };

type Fields = Readonly<Record<string, unknown>>;

const BAD = { ok: false, reason: 'bad_format' } as const;

/** Parses a listener's message: JSON text, or an object that is already decoded. Never throws. */
export function parseListenerMessage(raw: unknown): Parsed<ListenerMessage & ListenerEnvelope> {
  const decoded = decode(raw);
  if (!decoded.ok) return decoded;
  const fields = decoded.message;
  if (!isText(fields['epoch']) || !isWhole(fields['seq'], 1) || !isListenerMessage(fields))
    return BAD;
  return { ok: true, message: fields as unknown as ListenerMessage & ListenerEnvelope };
}

/** Parses an agent's message: JSON text, or an object that is already decoded. Never throws. */
export function parseAgentMessage(raw: unknown): Parsed<AgentMessage & AgentEnvelope> {
  const decoded = decode(raw);
  if (!decoded.ok) return decoded;
  if (!isAgentEnvelope(decoded.message) || !isAgentMessage(decoded.message)) return BAD;
  return { ok: true, message: decoded.message as unknown as AgentMessage & AgentEnvelope };
}

/** The text to send for a message of an agent. `of` gives its envelope in a room. */
export function encodeAgentMessage(
  message: AgentMessage,
  of: { readonly epoch?: string; readonly seq?: number } = {},
): string {
  return JSON.stringify({ v: WIRE_VERSION, ...of, ...message });
}

/** The text to send for a message of a listener. */
export function encodeListenerMessage(
  message: ListenerMessage,
  of: { epoch: string; seq: number },
): string {
  const envelope = { v: WIRE_VERSION, epoch: of.epoch, seq: of.seq };
  return JSON.stringify(Object.assign(envelope, message));
}

function decode(raw: unknown): Parsed<Fields> {
  let value = raw;
  if (typeof raw === 'string') {
    if (raw.length > MAX_WIRE_CHARS) return { ok: false, reason: 'too_large' };
    try {
      value = JSON.parse(raw);
    } catch {
      return BAD;
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return BAD;
  const fields = value as Fields;
  return fields['v'] === WIRE_VERSION ? { ok: true, message: fields } : BAD;
}

function isListenerMessage(fields: Fields): boolean {
  switch (fields['type']) {
    case 'hello':
      return (
        ['device', 'transport'].includes(fields['evidence'] as string) &&
        [undefined, 'graph', 'element'].includes(fields['playedBy'] as string | undefined)
      );
    case 'playhead':
      return isPlayhead(fields);
    case 'pong':
      return (
        isWhole(fields['pingId'], 0) &&
        isNumber(fields['receivedAtMs']) &&
        isNumber(fields['sentAtMs'])
      );
    case 'audibility':
      return (
        ['muted', 'listening'].includes(fields['audibility'] as string) &&
        isNumber(fields['sinceMs'])
      );
    case 'bye':
      return true;
    default:
      return false;
  }
}

function isPlayhead(fields: Fields): boolean {
  const { startedAtMs, positionAtMs, errorBoundMs } = fields as { [name: string]: unknown };
  return (
    isText(fields['responseId']) &&
    isWhole(fields['heardSamples'], 0) &&
    isNumber(startedAtMs) &&
    isNumber(positionAtMs) &&
    positionAtMs >= startedAtMs &&
    isNumber(errorBoundMs) &&
    errorBoundMs >= 0 &&
    ['playing', 'ended', 'cut'].includes(fields['phase'] as string) &&
    ['device', 'transport', 'estimate'].includes(fields['evidence'] as string)
  );
}

function isAgentEnvelope({ seq, epoch }: Fields): boolean {
  return (seq === undefined || isWhole(seq, 1)) && (epoch === undefined || isText(epoch));
}

function isAgentMessage(fields: Fields): boolean {
  switch (fields['type']) {
    case 'welcome':
      return isWhole(fields['sampleRateHz'], 1);
    case 'announce':
      return (
        isText(fields['responseId']) &&
        isWhole(fields['sampleRateHz'], 1) &&
        (fields['heardBeforeSamples'] === undefined || isWhole(fields['heardBeforeSamples'], 0)) &&
        (fields['segmentId'] === undefined || isText(fields['segmentId']))
      );
    case 'end':
      return isText(fields['responseId']) && isWhole(fields['totalSamples'], 0);
    case 'ping':
      return isWhole(fields['pingId'], 0);
    case 'fingerprint':
      return isFingerprint(fields);
    case 'clear':
    case 'pause':
      return fields['left'] === undefined || isLeft(fields['left']);
    case 'resume':
      return true;
    default:
      return false;
  }
}

function isFingerprint(fields: Fields): boolean {
  const { responseId, sampleRateHz, atSample, leavesAtMs, sound } = fields;
  return (
    isText(responseId) &&
    isWhole(sampleRateHz, 1) &&
    isWhole(atSample, 0) &&
    isNumber(leavesAtMs) &&
    typeof sound === 'string'
  );
}

function isLeft(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { responseId, samples } = value as { [name: string]: unknown };
  return isText(responseId) && isWhole(samples, 0);
}
