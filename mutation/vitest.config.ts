import { defineConfig } from 'vitest/config';

/**
 * Core's own tests. Its properties get few runs, always of the same seed: a score must not depend on luck. Left out are those
 * that take long whatever they find.
 */
export default defineConfig({
  // Stryker plays this in a copy of the project.
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['packages/core/test/**/*.test.ts'],
    exclude: ['**/liar.property.test.ts', '**/heard_text.property.test.ts'],
    env: { ONCUE_PROPERTY_RUNS: '80' },
    setupFiles: ['mutation/fixed_seed.ts'],
    isolate: false,
    testTimeout: 120_000,
  },
});
