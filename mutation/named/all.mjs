import { ESTIMATE_MUTANTS } from './estimates.mjs';
import { LISTENER_MUTANTS } from './listeners.mjs';
import { PLAYOUT_MUTANTS } from './playout.mjs';

export const NAMED_MUTANTS = [...PLAYOUT_MUTANTS, ...ESTIMATE_MUTANTS, ...LISTENER_MUTANTS];
