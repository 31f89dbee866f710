import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const CORE = 'packages/core/test/**/*.test.ts';

/**
 * Core's own tests, or those that `mutation:score` names. Core's properties get few runs, always of the same seed: a score
 * must not depend on luck. Left out are those that take long whatever they find.
 */
export default defineConfig({
  // Stryker plays this in a copy of the project.
  root: new URL('..', import.meta.url).pathname,
  ssr: { resolve: { conditions: ['@oncue/source', ...defaultServerConditions] } },
  test: {
    include: process.env['ONCUE_MUTATION_TESTS']?.split(',') ?? [CORE],
    exclude: ['**/liar.property.test.ts', '**/heard_text.property.test.ts'],
    env: { ONCUE_PROPERTY_RUNS: '80' },
    setupFiles: ['mutation/fixed_seed.ts'],
    isolate: false,
    testTimeout: 120_000,
  },
});
