import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

// Inside the repository, so that packages resolve.
const CACHE = path.resolve('node_modules', '.cache');

const AGENT = `
import { voice } from '@livekit/agents';
import { currentTurn } from '@oncue/livekit';
import { WORD } from './word.ts';

export const scenarios = [{ name: 'ask', title: WORD, ask: 'Well?' }];

export function createAgent() {
  return voice.Agent.create({
    instructions: 'You say one word.',
    llmNode: async function* () {
      currentTurn().begin({ metadata: { title: WORD } });
      if (WORD === 'broken') throw new Error('out of words');
      yield WORD + ' is the word.';
    },
  });
}
`;

let folder: string;
let studio: StudioProcess;

/** Saves the file that the agent imports, and waits for the new run. */
async function saveWord(source: string): Promise<void> {
  const next = studio.message(({ type, linesFollow }) => type === 'run' && linesFollow === true);
  writeFileSync(path.join(folder, 'word.ts'), source);
  await next;
}

beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(path.join(CACHE, 'reload-'));
  writeFileSync(path.join(folder, 'agent.ts'), AGENT);
  writeFileSync(path.join(folder, 'word.ts'), "export const WORD: string = 'first';\n");
  studio = await StudioProcess.start(path.join(folder, 'agent.ts'));
});

afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

it('[ST7] a change of an imported file begins a new run, with or without an error', async () => {
  expect(studio.info).toMatchObject({ run: 1, error: null, scenarios: [{ title: 'first' }] });

  await saveWord("export const WORD: string = 'second';\n");
  expect(studio.info).toMatchObject({ run: 2, error: null, scenarios: [{ title: 'second' }] });

  // The error has its place in the file, and nothing runs.
  await saveWord('export const WORD: string = ;\n');
  expect(studio.info).toMatchObject({ run: 3, scenarios: [], error: { phase: 'load' } });
  expect(studio.info?.error?.message).toMatch(/word\.ts:1/);
  expect(studio.facts).toEqual([]);

  // The repaired file is loaded automatically, and its agent answers.
  await saveWord("export const WORD: string = 'third';\n");
  studio.send({ type: 'scenario', name: 'ask' });
  const declared = await studio.fact(({ type }) => type === 'response_declared');
  expect(declared).toMatchObject({ metadata: { title: 'third' } });
});

it('[ST7] an error while the agent runs is shown with its stack, and the run goes on', async () => {
  await saveWord("export const WORD: string = 'broken';\n");
  const failed = studio.message(({ type, error }) => type === 'run' && error !== null);
  studio.send({ type: 'scenario', name: 'ask' });

  expect((await failed).error).toMatchObject({ phase: 'run', message: 'out of words' });
  expect((await failed).error?.stack).toMatch(/agent\.ts:13:/);
  expect(await studio.fact(({ type }) => type === 'response_skipped')).toMatchObject({
    reason: 'failed',
  });
});
