import type { Scenario } from '../scenario.ts';
import { cuts, slowCuts, untimedCuts } from './cuts.ts';

/** Every scenario that is compared. */
export const SCENARIOS: readonly Scenario[] = [...cuts, ...slowCuts, ...untimedCuts];
