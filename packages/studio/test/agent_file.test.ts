import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOfFailure, loadAgentFile } from '../src/agent/agent_file.ts';
import { createAgentOf, readAgentModule } from '../src/agent/agent_module.ts';
import { describeError } from '../src/error_text.ts';

// Inside the repository, so that packages resolve.
const CACHE = path.resolve('node_modules', '.cache');
let folder: string;

beforeEach(() => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(path.join(CACHE, 'agent_file-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function failure(file: string): Promise<Error> {
  return await loadAgentFile(file).then(
    () => new Error('it loaded'),
    (error: Error) => error,
  );
}

describe("a user's file (ST)", () => {
  it('[ST7] is loaded again at each call, with its imports by relative path', async () => {
    write('word.ts', 'export const word: string = "one";');
    const file = write('agent.ts', 'export { word } from "./word.ts"; export enum E { A }');

    const first = await loadAgentFile(file);
    write('word.ts', 'export const word: string = "two";');
    const second = await loadAgentFile(file);

    expect([first.exported['word'], second.exported['word']]).toEqual(['one', 'two']);
    expect(second.files.map((name) => path.basename(name)).sort()).toEqual(['agent.ts', 'word.ts']);
  });

  it('[ST7] uses the same packages as the studio, whatever module type its folder has', async () => {
    const file = write(
      'agent.ts',
      'import { voice } from "@livekit/agents"; export const Agent = voice.Agent;',
    );
    const { voice } = await import('@livekit/agents');

    expect((await loadAgentFile(file)).exported['Agent']).toBe(voice.Agent);
  });

  it('[ST7] sees its own path in import.meta.url', async () => {
    const file = write('agent.ts', 'export const here = import.meta.url;');

    expect(String((await loadAgentFile(file)).exported['here'])).toMatch(/\/agent\.ts$/);
  });

  it('[ST7] that does not compile gives an error with its line, and is watched', async () => {
    const file = write('agent.ts', 'export const one = 1;\nexport const two = = 2;\n');

    const error = await failure(file);

    expect(error).toMatchObject({
      code: 'STUDIO_BAD_FILE',
      message: expect.stringMatching(/Unexpected "=" \(agent\.ts:2\)/),
    });
    expect(describeError('load', error).stack).toContain('agent.ts:2:19');
    expect(filesOfFailure(error, file)).toEqual([file]);
  });

  it('[ST7] that throws while it loads gives the error with its cause, and all its files are watched', async () => {
    write('deep.ts', 'throw new Error("no config", { cause: new Error("no file") });');
    const file = write('agent.ts', 'import "./deep.ts";');

    const error = await failure(file);

    expect(describeError('load', error)).toMatchObject({ phase: 'load', message: 'no config' });
    expect(describeError('load', error).stack).toMatch(/caused by Error: no file/);
    expect(filesOfFailure(error, file)).toHaveLength(2);
  });

  it('[ST7] that does not exist gives an error with its name', async () => {
    expect((await failure(path.join(folder, 'nobody.ts'))).message).toMatch(/no file .*nobody\.ts/);
  });
});

describe("what a user's file exports (ST)", () => {
  const createAgent = (): never => {
    throw new Error('not called');
  };

  it('[ST7] may be named exports or a default export', () => {
    expect(readAgentModule({ createAgent }).createAgent).toBe(createAgent);
    expect(readAgentModule({ default: { createAgent } }).createAgent).toBe(createAgent);
  });

  it.each([
    [{}, /exports nothing; the studio needs `export function createAgent/],
    [{ agent: 1 }, /exports agent; /],
    [{ createAgent, createSession: 1 }, /createSession is not a function/],
    [{ createAgent, scenarios: [{ name: 'x' }] }, /scenarios is not a list/],
  ])('[ST7] is rejected with what is missing: %s', (exported, message) => {
    expect(() => readAgentModule(exported)).toThrow(
      expect.objectContaining({
        code: 'STUDIO_BAD_MODULE',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('[ST7] must make an agent with the copy of LiveKit that the studio uses', async () => {
    const foreign = { llmNode: () => null };
    const made = (agent: unknown) => createAgentOf({ createAgent: () => agent as never });

    await expect(made(foreign)).rejects.toMatchObject({ code: 'STUDIO_FOREIGN_AGENT' });
    await expect(made({})).rejects.toMatchObject({ code: 'STUDIO_BAD_MODULE' });
  });
});
