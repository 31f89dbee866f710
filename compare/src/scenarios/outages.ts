import { response, type Scenario, type Step, type VoicePlan } from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, FIRST, interrupt, SECOND, THIRD, TWO } from './usual.ts';

type Situation = Pick<Scenario, 'turns' | 'steps'> & Partial<Scenario>;

/** The words are so long that there is an outage within an answer, and no page has the rest of it. */
const SLOW: VoicePlan = { wordMs: 400, speed: 1 };

const goes = (atMs: number): Step => ({ atMs, do: 'network_goes' });
const returns = (atMs: number): Step => ({ atMs, do: 'network_returns' });

/** Something else happens while the network of the listener is gone: nobody tells the agent. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'gone 50 ms before an interruption, for good': {
    turns: [TWO, ANSWER],
    steps: [ask(), goes(950), interrupt(1000), ask(4000)],
  },
  'gone 300 ms before an interruption, for good': {
    turns: [TWO, ANSWER],
    steps: [ask(), goes(700), interrupt(1000)],
  },
  'gone 50 ms before an interruption, and back after a second': {
    turns: [TWO, ANSWER],
    steps: [ask(), goes(950), interrupt(1000), returns(1950), ask(4000)],
  },
  'two interruptions in a row, each of an answer': {
    turns: [TWO, ANSWER, THIRD],
    steps: [
      ask(),
      goes(900),
      { atMs: 1700, do: 'types', text: 'stop' },
      { atMs: 2300, do: 'types', text: 'stop at once' },
      returns(5000),
    ],
  },
  'handed over to another agent': {
    turns: [TWO, ANSWER],
    steps: [ask(), goes(700), { atMs: 1500, do: 'hand_off' }],
  },
  'a tool that speaks, interrupted': {
    turns: [
      {
        responses: [response('One moment. ')],
        tool: 'look_up',
        toolSays: 'Still searching for it. ',
      },
      ANSWER,
      THIRD,
    ],
    steps: [ask(), goes(600), interrupt(2200), returns(6000), ask(8000)],
  },
  'audio off': {
    turns: [TWO],
    steps: [ask(), goes(700), { atMs: 1300, do: 'audio', enabled: false }, interrupt(1500)],
  },
  'a realtime model, gone 50 ms before an interruption': {
    turns: [{ responses: [response(`${FIRST}${SECOND}`)] }, ANSWER],
    isRealtime: true,
    voice: { wordTimes: false, wordMs: 350, speed: 1 },
    steps: [ask(), goes(950), interrupt(1000), ask(4000)],
  },
  'a sentence, cut off by the words of the user': {
    turns: [ANSWER],
    steps: [
      { atMs: 0, do: 'say', text: `${FIRST}${SECOND}` },
      goes(1000),
      { atMs: 1800, do: 'talks_over', text: 'and tomorrow' },
      returns(4500),
    ],
  },
  'the end of the session': {
    turns: [TWO],
    steps: [ask(), goes(700), { atMs: 1200, do: 'shut_down' }],
  },
  'a pause before, and an interruption in the pause': {
    turns: [TWO, ANSWER],
    steps: [ask(), goes(900), { atMs: 950, do: 'pause' }, interrupt(1300), ask(4000)],
  },
};

/** By then the agent knows the clock and the path of a listener who was there at the start. */
const KNOWN_AFTER_MS = 3500;

/**
 * What an application does while it does not know yet, or never learns, that the network of its listener is gone. A page with
 * a player plays what it has, so it hears other words than a user of plain LiveKit.
 */
export const outages: readonly Scenario[] = Object.entries(SITUATIONS).flatMap(
  ([name, { steps, ...situation }]) =>
    (['declares', 'llm'] as const).map((form) => ({
      voice: SLOW,
      ...situation,
      name: `room, ${form}: in an outage, ${name}`,
      form,
      ear: earOf('room'),
      steps: steps.map((step) => ({ ...step, atMs: step.atMs + KNOWN_AFTER_MS })),
    })),
);
