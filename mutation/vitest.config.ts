import { defineConfig } from 'vitest/config';

/** Core's own tests. Without its properties: they take long, and what they find depends on the seed. */
export default defineConfig({
  // Stryker plays this in a copy of the project.
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['packages/core/test/**/*.test.ts'],
    exclude: ['**/*.property.test.ts'],
    isolate: false,
    testTimeout: 120_000,
  },
});
