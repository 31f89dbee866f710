import type { NamedMutant } from './mutant.d.ts';

export const NAMED_MUTANTS: readonly NamedMutant[];
