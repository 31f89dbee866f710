/**
 * Mutants that no test can tell from the code. `mutation:score` fails if one of them is killed or gone.
 *
 * @type {readonly import('./equivalent.d.ts').EquivalentMutant[]}
 */
export const EQUIVALENT_MUTANTS = [];
