import {
  LISTENER_KINDS,
  type ListenerKind,
  type ListenerStep,
  response,
  type Scenario,
  type Step,
} from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, interrupt } from './usual.ts';

/** Each response is shorter than the path to the ear, so that several are under way at once. */
const VOICE = { wordMs: 100 };
const texts = Array.from({ length: 8 }, (_, place) => `w${place}. `);

const listener = (atMs: number, what: ListenerStep['do']): Step => ({ atMs, do: what });

const ENDS: Readonly<Record<string, readonly Step[]>> = {
  'to the end': [],
  'interrupted early': [interrupt(260)],
  'interrupted in the middle': [interrupt(630)],
  'interrupted near the end': [interrupt(880)],
  'paused, and goes on': [
    { atMs: 500, do: 'pause' },
    { atMs: 900, do: 'resume' },
  ],
  'muted, and not any more': [listener(450, 'mutes'), listener(700, 'unmutes')],
  'the network is gone, and the user interrupts': [listener(400, 'network_goes'), interrupt(2400)],
  'the network is gone for a moment': [
    listener(400, 'network_goes'),
    listener(1300, 'network_returns'),
  ],
};

/** Only a page and a participant with a reporter mute, or lose their network. */
function isFor(kind: ListenerKind, end: string): boolean {
  if (kind === 'device' || kind === 'avatar') return /to the end|in the middle/.test(end);
  return kind === 'page' || kind === 'room' || !/muted|network/.test(end);
}

/** Turns of responses shorter than the path, on every listener. */
export const shortResponses: readonly Scenario[] = LISTENER_KINDS.flatMap((kind) => [
  ...Object.entries(ENDS)
    .filter(([end]) => isFor(kind, end))
    .map(([end, steps]) => ({
      name: `${kind}: short responses, ${end}`,
      form: 'declares' as const,
      voice: VOICE,
      ear: earOf(kind),
      turns: [{ responses: texts.map((text) => response(text)) }, ANSWER],
      steps: [ask(), ...steps, ask(6000)],
    })),
  ...[undefined, 630].map((cutAtMs) => ({
    name: `${kind}: short responses with a state between two, ${cutAtMs ? 'interrupted' : 'to the end'}`,
    form: 'declares' as const,
    voice: VOICE,
    ear: earOf(kind),
    turns: [
      {
        responses: texts.map((text, place) => response(text, place === 4 ? 'thinking' : undefined)),
      },
    ],
    steps: [ask(), ...(cutAtMs ? [interrupt(cutAtMs)] : [])],
  })),
  ...[undefined, 630].map((cutAtMs) => ({
    name: `${kind}: short responses, of which one has no sound, ${cutAtMs ? 'interrupted' : 'to the end'}`,
    form: 'declares' as const,
    voice: { ...VOICE, silentFor: 'w3' },
    ear: earOf(kind),
    turns: [{ responses: texts.map((text) => response(text)) }],
    steps: [ask(), ...(cutAtMs ? [interrupt(cutAtMs)] : [])],
  })),
  ...[undefined, 1100].map((cutAtMs) => ({
    name: `${kind}: short responses before and after a tool, ${cutAtMs ? 'interrupted' : 'to the end'}`,
    form: 'declares' as const,
    voice: VOICE,
    ear: earOf(kind),
    turns: [
      { responses: texts.slice(0, 4).map((text) => response(text)), tool: 'look_up' as const },
      { responses: texts.slice(4).map((text) => response(text)) },
    ],
    steps: [ask(), ...(cutAtMs ? [interrupt(cutAtMs)] : [])],
  })),
]);

/** The worker of an avatar dies in the middle of such a turn, and the answer is interrupted. */
export const shortResponsesDie: readonly Scenario[] = [300, 700].map((diesAtMs) => ({
  name: `avatar: short responses, its worker dies after ${diesAtMs} ms`,
  form: 'declares',
  voice: VOICE,
  ear: earOf('avatar'),
  turns: [{ responses: texts.map((text) => response(text)) }],
  steps: [ask(), listener(diesAtMs, 'worker_dies'), interrupt(4000)],
}));
