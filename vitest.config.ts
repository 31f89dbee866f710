import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Packages test each other's source, so no build is needed. Every project must repeat this: inline projects do not
// inherit `ssr`, and a top-level `resolve.conditions` silently does nothing for tests that run in Node.
const fromSource = { resolve: { conditions: ['@oncue/source', ...defaultServerConditions] } };

export default defineConfig({
  test: {
    projects: [
      {
        ssr: fromSource,
        test: {
          name: 'unit',
          include: [
            '{packages/*,demo,bench}/test/**/*.test.ts',
            'tests/**/*.test.ts',
            'examples/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', 'tests/package.test.ts'],
          setupFiles: ['tests/support/console_guard.ts'],
        },
      },
      {
        ssr: fromSource,
        test: {
          name: 'package',
          include: ['tests/package.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
