import fc from 'fast-check';
import {
  AGENT_FORMS,
  type Chunk,
  type EarPlan,
  LISTENER_KINDS,
  type ListenerKind,
  type ResponsePlan,
  type Scenario,
  type Step,
  type TurnPlan,
  UNTIMED_VOICE,
  type VoicePlan,
} from '../../src/scenario.ts';

/** Everything of a scenario but its words: each word may stand in one text only, so they are given out at the end. */
interface Plan {
  readonly form: Scenario['form'];
  readonly turns: readonly {
    readonly responses: readonly ResponseDraw[];
    readonly hasTool: boolean;
  }[];
  readonly voice: VoicePlan;
  readonly ear: EarPlan;
  readonly happenings: readonly Happening[];
  readonly mishap: Happening | undefined;
  /** The agent greets whoever comes first, and everything happens after that. */
  readonly isGreeted: boolean;
}

interface ResponseDraw {
  readonly words: number;
  readonly everyMs: number;
  readonly isAfterThinking: boolean;
}

interface Happening {
  readonly what: (typeof HAPPENINGS)[number] | (typeof MISHAPS)[number];
  readonly atMs: number;
  readonly forMs: number;
}

/** What the user or the application does. */
const HAPPENINGS = [
  'ask',
  'say',
  'interrupt',
  'types',
  'talks_over',
  'presses',
  'pause',
  'close',
] as const;

/** What befalls who listens. One at a time: the truth knows one reason for which nobody hears. */
const MISHAPS = ['mute', 'reload', 'leave', 'network'] as const;

/** What can befall whom, and is known: the agent's own sound device stays, and nobody tells what one without a reporter does. */
const BEFALLS: Readonly<Record<ListenerKind, readonly (typeof MISHAPS)[number][]>> = {
  device: [],
  avatar: [],
  page: MISHAPS,
  room: MISHAPS,
  room_without_reporter: [],
};

const RESPONSE: fc.Arbitrary<ResponseDraw> = fc.record({
  words: fc.constantFrom(0, 1, 2, 3, 4),
  everyMs: fc.constantFrom(0, 0, 90, 150),
  isAfterThinking: fc.boolean(),
});

const VOICE: fc.Arbitrary<VoicePlan> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(UNTIMED_VOICE) },
  {
    weight: 4,
    arbitrary: fc.record({
      firstSoundMs: fc.constantFrom(0, 0, 120),
      speed: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1.5),
    }),
  },
);

const PLAN: fc.Arbitrary<Plan> = fc.record({
  form: fc.constantFrom(...AGENT_FORMS, 'declares' as const, 'declares' as const),
  turns: fc.array(
    fc.record({
      responses: fc.array(RESPONSE, { minLength: 1, maxLength: 3 }),
      hasTool: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  voice: VOICE,
  ear: fc.record({
    listener: fc.constantFrom(...LISTENER_KINDS),
    // Longer than a message takes, as sound does.
    pathMs: fc.constantFrom(60, 100, 150),
    comesAtMs: fc.constantFrom(0, 0, 0, 400, 1100),
  }),
  happenings: fc.array(happening(HAPPENINGS), { maxLength: 4 }),
  mishap: fc.option(happening(MISHAPS), { nil: undefined }),
  isGreeted: fc.boolean(),
});

function happening<What extends Happening['what']>(
  kinds: readonly What[],
): fc.Arbitrary<Happening> {
  return fc.record({
    what: fc.constantFrom(...kinds),
    atMs: fc.integer({ min: 5, max: 1600 }),
    forMs: fc.constantFrom(60, 250, 900, 2200, 4500),
  });
}

/** A conversation of a few seconds: what the agent says, who listens, and what happens meanwhile. */
export const SCENARIO: fc.Arbitrary<Scenario> = PLAN.map(scenarioOf);

/** The `hello` of a page that has come has arrived by then. */
const HELLO_MS = 60;

/** A page that has come is known by then, and its clock is mapped. */
const JOINED_MS = 300;

/** The greeting has been heard by then, so it is known how long audio takes to him. */
const GREETED_MS = 1500;

/** More than are asked for: a question, four more, and an answer after each tool. */
const MOST_ANSWERS = 10;

function scenarioOf(plan: Plan): Scenario {
  const { form, turns, voice, ear, happenings, mishap, isGreeted } = plan;
  let wordCount = 0;
  const words = (count: number): string[] =>
    Array.from({ length: count }, () => {
      wordCount += 1;
      return `w${wordCount}. `;
    });
  const planned = turns.map(({ responses, hasTool }, place): TurnPlan => {
    const said = responses.map((one): ResponsePlan => responseOf(one, words(one.words)));
    return {
      responses: said,
      ...(hasTool && place < turns.length - 1 ? { tool: `look_up_${place}` } : {}),
    };
  });
  // The model begins no answer twice: its words would stand in two texts.
  while (planned.length < MOST_ANSWERS)
    planned.push({ responses: [{ chunks: [{ text: words(1).join('') }] }] });
  const befalls: readonly string[] = BEFALLS[ear.listener ?? 'device'];
  const comes = befalls.length > 0 ? ear : { ...ear, comesAtMs: 0 };
  // Nothing befalls a page that has not come yet, or of which the agent does not know yet that it reports.
  const befallen = mishap && {
    ...mishap,
    atMs: Math.max(mishap.atMs, HELLO_MS) + (comes.comesAtMs ?? 0),
  };
  const all = befallen && befalls.includes(befallen.what) ? [...happenings, befallen] : happenings;
  const happened = all.flatMap((one) => stepsOf(one, () => words(2).join('')));
  const drawn = untilClose([{ atMs: 0, do: 'ask' }, ...happened]).map((step) => ({
    ...step,
    atMs: step.atMs + (isGreeted ? GREETED_MS : 0),
  }));
  const greeting: Step[] = isGreeted ? [{ atMs: JOINED_MS, do: 'say', text: 'hello there. ' }] : [];
  const steps: Step[] = [...greeting, ...drawn];
  return { name: 'drawn', form, turns: planned, voice, ear: comes, steps };
}

/** Of a session that closes nobody asks anything more. */
function untilClose(steps: readonly Step[]): readonly Step[] {
  const inOrder = [...steps].sort((a, b) => a.atMs - b.atMs);
  const close = inOrder.findIndex(({ do: what }) => what === 'close');
  return close < 0 ? inOrder : inOrder.slice(0, close + 1);
}

function responseOf({ everyMs, isAfterThinking }: ResponseDraw, words: string[]): ResponsePlan {
  const chunks: Chunk[] =
    everyMs > 0 ? words.map((text) => ({ text, afterMs: everyMs })) : [{ text: words.join('') }];
  return { chunks, ...(isAfterThinking ? { stateBefore: 'thinking' } : {}) };
}

function stepsOf({ what, atMs, forMs }: Happening, text: () => string): readonly Step[] {
  const backAtMs = atMs + forMs;
  switch (what) {
    case 'say':
    case 'types':
    case 'talks_over':
      return [{ atMs, do: what, text: text() }];
    case 'pause':
      return [
        { atMs, do: 'pause' },
        { atMs: backAtMs, do: 'resume' },
      ];
    case 'mute':
      return [
        { atMs, do: 'mutes' },
        { atMs: backAtMs, do: 'unmutes' },
      ];
    case 'leave':
      return [
        { atMs, do: 'leaves' },
        { atMs: backAtMs, do: 'comes' },
      ];
    case 'network':
      return [
        { atMs, do: 'network_goes' },
        { atMs: backAtMs, do: 'network_returns' },
      ];
    case 'reload':
      return [{ atMs, do: 'reloads' }];
    default:
      return [{ atMs, do: what }];
  }
}
