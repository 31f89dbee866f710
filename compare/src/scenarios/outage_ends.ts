import { response, type Scenario, type Step, type TurnPlan, type VoicePlan } from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, interrupt, THIRD } from './usual.ts';

/** The words are so long that there is an outage within an answer, and no page has the rest of it. */
const SLOW: VoicePlan = { wordMs: 400, speed: 1 };

/** By then the agent knows the clock and the path of a listener who was there at the start. */
const KNOWN_AFTER_MS = 3500;

const FOURTH: TurnPlan = { responses: [response('nu xi. ')] };

/** Said first; its end sounds 860 ms after the question, and nobody reports it. */
const FIRST_SAID = { responses: [response('One moment. ')], tool: 'look_up' };

/** What is said next, when that is over. */
const NEXT: Readonly<Record<string, TurnPlan>> = {
  'a tool runs a task that speaks': { ...FIRST_SAID, taskSays: 'Who are you please. ' },
  'a tool says something': { ...FIRST_SAID, toolSays: 'Still searching for it. ' },
  'a tool generates a reply': { ...FIRST_SAID, toolReplies: true },
  'a tool that waits runs a task that speaks': {
    ...FIRST_SAID,
    toolWaits: true,
    taskSays: 'Who are you please. ',
  },
  'a tool hands over': { ...FIRST_SAID, toolHandsOff: true },
};

const goes = (atMs: number): Step => ({ atMs, do: 'network_goes' });
const returns = (atMs: number): Step => ({ atMs, do: 'network_returns' });

/** When the network is away, and whether the user interrupts. */
const TIMES: Readonly<Record<string, readonly Step[]>> = {
  'gone from before on, interrupted': [goes(0), ask(200), interrupt(2400)],
  'gone from before on, back after a while': [goes(0), ask(200), returns(2600), ask(7000)],
  'gone from before on, back after a while, interrupted': [
    goes(0),
    ask(200),
    returns(2600),
    interrupt(3300),
  ],
  'gone in the middle of it, interrupted': [ask(), goes(600), interrupt(2200)],
  'gone just before its end, interrupted': [ask(), goes(800), interrupt(2200)],
  'gone just after its end, interrupted': [ask(), goes(900), interrupt(2200)],
  'gone in the middle of it, to the end': [ask(), goes(600)],
  'gone in the middle of it, back soon': [ask(), goes(600), returns(1400), ask(7000)],
  'gone in the middle of it, back soon, interrupted': [
    ask(),
    goes(600),
    returns(1400),
    interrupt(2600),
  ],
  'gone in the middle of it, back after a while': [ask(), goes(600), returns(2600), ask(7000)],
  'gone in the middle of it, interrupted, back late, asked again': [
    ask(),
    goes(600),
    interrupt(2200),
    returns(6000),
    ask(8000),
  ],
};

const later = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, atMs: step.atMs + KNOWN_AFTER_MS }));

/** The end of an answer that nobody reports, and something is said next: LiveKit alone says it when the answer is over. */
export const outageEnds: readonly Scenario[] = (['room', 'page'] as const).flatMap((listener) =>
  Object.entries(NEXT).flatMap(([what, turn]) =>
    Object.entries(TIMES).map(([when, steps]) => ({
      name: `${listener}: an answer nobody reports the end of, and ${what}, ${when}`,
      form: 'declares' as const,
      voice: SLOW,
      ear: earOf(listener),
      turns: [turn, ANSWER, THIRD, FOURTH],
      steps: later(steps),
    })),
  ),
);

/** The same, of what the application says one after the other. */
export const outageEndsSaid: readonly Scenario[] = (['room', 'page'] as const).flatMap((listener) =>
  Object.entries(TIMES).flatMap(([when, steps]) =>
    (['declares', 'llm'] as const).map((form) => ({
      name: `${listener}, ${form}: an answer nobody reports the end of, and sentences that wait, ${when}`,
      form,
      voice: SLOW,
      ear: earOf(listener),
      turns: [{ responses: [response('One moment. ')] }, ANSWER, THIRD],
      steps: later(
        steps.flatMap((step) =>
          step.do === 'ask' && step.atMs < 1000
            ? [
                step,
                said(step.atMs + 50, 'Still at it. '),
                said(step.atMs + 60, 'Nearly done now. '),
              ]
            : [step],
        ),
      ),
    })),
  ),
);

function said(atMs: number, text: string): Step {
  return { atMs, do: 'say', text };
}

/** The answer to a question at 3250 ms begins to sound at 3443 ms. */
const BEGINS_AT_MS = 3443;

/** The network comes back as an answer begins: a part of its first word, or all of it, is lost. */
export const outageStarts: readonly Scenario[] = (['room', 'page'] as const).flatMap((listener) =>
  [80, 400].flatMap((wordMs) =>
    [-20, 17, 47, 77, 117].map((backMs) => ({
      name: `${listener}: back ${Math.abs(backMs)} ms ${backMs < 0 ? 'before' : 'into'} an answer, of words of ${wordMs} ms`,
      form: 'declares' as const,
      voice: { wordMs, speed: 1 },
      ear: earOf(listener),
      turns: [ANSWER, { responses: [response('lambda mu nu xi omicron pi. ')] }],
      steps: [ask(0), goes(3200), ask(3250), returns(BEGINS_AT_MS + backMs)],
    })),
  ),
);
