import { response, type Step, type TurnPlan } from '../scenario.ts';

// What most scenarios say and do. Each word stands in one text only, so what was audible says which response it was of.

export const FIRST = 'alpha beta gamma delta. ';
export const SECOND = 'epsilon zeta eta theta. ';
export const LAST = 'iota kappa. ';

/** Two responses, with a state between them. */
export const TWO: TurnPlan = { responses: [response(FIRST), response(SECOND, 'thinking')] };
/** The answer to the question after an interruption. */
export const ANSWER: TurnPlan = { responses: [response(LAST)] };
/** The answer to a third question. */
export const THIRD: TurnPlan = { responses: [response('lambda mu. ')] };

export const ask = (atMs = 0): Step => ({ atMs, do: 'ask' });
export const interrupt = (atMs: number): Step => ({ atMs, do: 'interrupt' });
