import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Packages test each other's source, so no build is needed. Every project must repeat this: inline
// projects do not inherit `ssr`, and `resolve.conditions` does nothing for tests that run in Node.
// Without `module`, which is for bundlers: Node loads what it names in node_modules, and cannot always.
const nodeConditions = defaultServerConditions.filter((condition) => condition !== 'module');
const fromSource = { resolve: { conditions: ['@oncue/source', ...nodeConditions] } };

// Vitest does not see worker threads: those that a package starts from source load through tsx.
const workersFromSource = [
  '--conditions=@oncue/source',
  '--import',
  new URL('./scripts/tsx_in_workers.mjs', import.meta.url).href,
];

// Long enough for a machine that is busy with ten other things: these time-outs only end what hangs. How fast the code
// is, the benchmarks say.
const onlyEndsWhatHangs = { testTimeout: 90_000, hookTimeout: 90_000 };

// Shared machines stand still now and then. What fails twice is a fault; the report marks what needed its second try.
const onceMore = { retry: 1 };

export default defineConfig({
  test: {
    projects: [
      {
        ssr: fromSource,
        test: {
          name: 'unit',
          include: [
            '{packages/*,demo,bench,conformance,fuzz,simulate,testbed,examples/*}/test/**/*.test.ts',
            'tests/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', 'tests/{package,consumers}.test.ts', 'tests/pages/**'],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          // Loading LiveKit takes a second. With a process for each file that is most of the time of a run.
          isolate: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          // Agents that speak in real time, in processes of their own.
          name: 'live',
          ...onceMore,
          include: ['{packages/*,demo,bench,testbed,examples/*}/test-live/**/*.test.ts'],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          // One at a time: two agents disturb each other's sound on a small machine.
          fileParallelism: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          name: 'browser',
          ...onceMore,
          env: { ONCUE_TEST_PAGE: '1' },
          include: ['packages/*/test-browser/**/*.test.ts'],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          // One browser at a time: two of them disturb each other's sound on a small machine.
          fileParallelism: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          // The player and Studio in Firefox: the tests that do not rest on something that only Chromium has. And the sound device of
          // the tests itself, which is PulseAudio's.
          name: 'firefox',
          ...onceMore,
          env: { ONCUE_TEST_PAGE: '1', ONCUE_TEST_BROWSER: 'firefox' },
          include: [
            'packages/browser/test-browser/player.test.ts',
            'packages/studio/test-browser/every_browser.test.ts',
            'testbed/test-sound/*.test.ts',
          ],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          // One browser at a time: two of them disturb each other's sound on a small machine.
          fileParallelism: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          // A room in Firefox.
          name: 'firefox-room',
          ...onceMore,
          env: { ONCUE_TEST_BROWSER: 'firefox' },
          include: ['packages/browser/test-room/every_browser.test.ts'],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          // The player and Studio in WebKitGTK, which stands in for Safari.
          name: 'webkit',
          ...onceMore,
          env: { ONCUE_TEST_PAGE: '1', ONCUE_TEST_BROWSER: 'webkit' },
          include: [
            'packages/browser/test-browser/player.test.ts',
            'packages/studio/test-browser/every_browser.test.ts',
          ],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          fileParallelism: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          name: 'room',
          ...onceMore,
          include: ['{packages/*,bench,testbed,examples/*}/test-room/**/*.test.ts'],
          setupFiles: ['tests/support/console_guard.ts'],
          execArgv: workersFromSource,
          // One room at a time: they share a small machine, and its clock is what they measure by.
          fileParallelism: false,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        test: {
          name: 'compare',
          include: ['compare/test/**/*.test.ts'],
          execArgv: workersFromSource,
          ...onlyEndsWhatHangs,
        },
      },
      {
        ssr: fromSource,
        // Of the built site: `npm run docs:build` comes first.
        test: { name: 'docs', include: ['docs/test/**/*.test.ts'], ...onlyEndsWhatHangs },
      },
      {
        ssr: fromSource,
        test: {
          name: 'collector',
          include: ['packages/otel/test-collector/**/*.test.ts'],
          execArgv: workersFromSource,
        },
      },
      {
        ssr: fromSource,
        // Not in CI: to install and build with Next takes a minute.
        test: {
          name: 'next',
          include: ['tests/pages/next.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        ssr: fromSource,
        // Not in CI: it takes the ports of LiveKit's and Vite's development servers, as a newcomer does.
        test: {
          name: 'newcomer',
          include: ['tests/pages/first_agent.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        ssr: fromSource,
        test: {
          name: 'package',
          include: ['tests/{package,consumers,pages/bundlers}.test.ts'],
          // Both build and pack.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
