import { defineConfig } from 'vitest/config';

/** Core's own tests. Properties run few times, since each mutant runs them. */
export default defineConfig({
  // Stryker plays this in a copy of the project.
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['packages/core/test/**/*.test.ts'],
    env: { ONCUE_PROPERTY_RUNS: '20' },
    testTimeout: 20_000,
  },
});
