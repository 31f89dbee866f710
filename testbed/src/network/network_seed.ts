/**
 * The seed of a test's network: a fresh one for each run, so that each run tries other losses. `ONCUE_NETWORK_SEED` repeats
 * one that a test has named.
 */
export function networkSeed(): number {
  const named = Number(process.env['ONCUE_NETWORK_SEED']);
  return Number.isInteger(named) && named > 0 ? named : 1 + Math.floor(Math.random() * 2 ** 31);
}
