import { type AgentMs, Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import {
  decodeSound,
  encodeAudioFrame,
  encodeSound,
  ListenerGate,
  type Parsed,
  parseAgentMessage,
  parseAudioFrame,
  parseListenerMessage,
} from '@oncue/core/wire';
import { bytesOf, type Input, promise, type Target } from '../target.ts';

const PARSE = 'packages/core/src/wire/parse.ts';

/** What is taken is taken again, and means the same, when it is written once more. */
function parsesAgain<T extends { readonly type: string }>(
  parse: (raw: unknown) => Parsed<T>,
  input: Input,
): string {
  const parsed = parse(input);
  if (!parsed.ok) return parsed.reason;
  const again = parse(JSON.stringify(parsed.message));
  promise('a message that was taken is taken again', again.ok);
  if (again.ok)
    promise('and means the same', JSON.stringify(again.message) === JSON.stringify(parsed.message));
  return parsed.message.type;
}

const RATE_HZ = 8000;
const SENT = 4 * RATE_HZ;

/** A conversation with one response, and a listener that says what the lines of the input are, one each 20 ms. */
function converse(input: Input): string {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock });
  const gate = new ListenerGate();
  const told: string[] = [];
  timeline.onAny((event) => {
    told.push(event.type);
    if (event.type === 'callback_failed') throw new Error(event.message);
    if ('heardSamples' in event)
      promise('no more is heard than was sent', event.heardSamples <= SENT);
  });
  const { id } = timeline.openTurn().begin();
  timeline.audioSent(id, SENT, RATE_HZ);
  const verdicts = new Set<string>();
  for (const line of input.split('\n').slice(0, 40)) {
    const nowMs = clock.nowMs();
    gate.ping(nowMs);
    verdicts.add(takeOne(gate, timeline, line.replaceAll('$id', id), nowMs));
    clock.advance(20);
  }
  clock.advance(30_000);
  promise(
    'the response ends once',
    told.filter((type) => type === 'response_playback_finished' || type === 'response_skipped')
      .length <= 1,
  );
  return [...verdicts].sort().join(' ');
}

function takeOne(gate: ListenerGate, timeline: Timeline, raw: string, nowMs: AgentMs): string {
  const verdict = gate.take(raw, nowMs);
  switch (verdict.type) {
    case 'joined':
    case 'left':
      timeline.listenerChanged(verdict.type === 'joined');
      return verdict.type;
    case 'playhead':
      timeline.playhead(verdict.report);
      return verdict.report.phase;
    case 'dropped':
      timeline.reportDropped(verdict.reason);
      return verdict.reason;
    default:
      return verdict.type;
  }
}

function parseFrame(input: Input): string {
  const frame = parseAudioFrame(bytesOf(input));
  if (!frame) return 'refused';
  promise(
    'an id has 1 to 200 bytes',
    frame.responseId.length > 0 && frame.responseId.length <= 200,
  );
  if (!/^[\x20-\x7e]+$/.test(frame.responseId)) return 'an id of other bytes';
  const again = parseAudioFrame(encodeAudioFrame(frame));
  promise('a frame that was taken is taken again', JSON.stringify(again) === JSON.stringify(frame));
  return frame.samples.length === 0 ? 'no samples' : 'samples';
}

function decode(input: Input): string {
  const sound = decodeSound(input);
  if (!sound) return 'refused';
  const again = decodeSound(encodeSound(sound));
  promise('a sound is written as it was read', String(again) === String(sound));
  return 'sound';
}

export const WIRE_TARGETS: readonly Target[] = [
  {
    name: 'listener_message',
    form: 'text',
    words: [PARSE],
    run: (input) => parsesAgain(parseListenerMessage, input),
  },
  {
    name: 'agent_message',
    form: 'text',
    words: [PARSE],
    run: (input) => parsesAgain(parseAgentMessage, input),
  },
  { name: 'conversation', form: 'text', words: [PARSE], run: converse },
  { name: 'audio_frame', form: 'bytes', words: [], run: parseFrame },
  { name: 'sound', form: 'text', words: [PARSE], run: decode },
];
