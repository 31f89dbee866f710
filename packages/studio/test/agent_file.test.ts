import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOfFailure, loadAgentFile } from '../src/agent/agent_file.ts';
import { readAgentModule } from '../src/agent/agent_module.ts';
import { describeError } from '../src/error_text.ts';

// Below the repository, so that packages are found from there.
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
  it('[ST7] is loaded anew each time, with what it imports by relative path', async () => {
    write('word.ts', 'export const word: string = "one";');
    const file = write('agent.ts', 'export { word } from "./word.ts"; export enum E { A }');

    const first = await loadAgentFile(file);
    write('word.ts', 'export const word: string = "two";');
    const second = await loadAgentFile(file);

    expect([first.exported['word'], second.exported['word']]).toEqual(['one', 'two']);
    expect(second.files.map((name) => path.basename(name)).sort()).toEqual(['agent.ts', 'word.ts']);
  });

  it('[ST7] shares its packages with the studio, whatever kind of module its folder holds', async () => {
    const file = write(
      'agent.ts',
      'import { voice } from "@livekit/agents"; export const Agent = voice.Agent;',
    );
    const { voice } = await import('@livekit/agents');

    expect((await loadAgentFile(file)).exported['Agent']).toBe(voice.Agent);
  });

  it('[ST7] knows where it lies', async () => {
    const file = write('agent.ts', 'export const here = import.meta.url;');

    expect(String((await loadAgentFile(file)).exported['here'])).toMatch(/\/agent\.ts$/);
  });

  it('[ST7] that does not compile is told with its line, and is watched', async () => {
    const file = write('agent.ts', 'export const one = 1;\nexport const two = = 2;\n');

    const error = await failure(file);

    expect(error.message).toMatch(/Unexpected "=" \(agent\.ts:2\)/);
    expect(describeError('load', error).stack).toContain('agent.ts:2:19');
    expect(filesOfFailure(error, file)).toEqual([file]);
  });

  it('[ST7] that throws as it is loaded is told with its cause, and all it is made of is watched', async () => {
    write('deep.ts', 'throw new Error("no config", { cause: new Error("no file") });');
    const file = write('agent.ts', 'import "./deep.ts";');

    const error = await failure(file);

    expect(describeError('load', error)).toMatchObject({ phase: 'load', message: 'no config' });
    expect(describeError('load', error).stack).toMatch(/caused by Error: no file/);
    expect(filesOfFailure(error, file)).toHaveLength(2);
  });

  it('[ST7] that is not there is told by its name', async () => {
    expect((await failure(path.join(folder, 'nobody.ts'))).message).toMatch(/no file .*nobody\.ts/);
  });
});

describe("what a user's file exports (ST)", () => {
  const createAgent = (): never => {
    throw new Error('not called');
  };

  it('[ST7] may be named, or the default', () => {
    expect(readAgentModule({ createAgent }).createAgent).toBe(createAgent);
    expect(readAgentModule({ default: { createAgent } }).createAgent).toBe(createAgent);
  });

  it.each([
    [{}, /exports nothing; the studio needs `export function createAgent/],
    [{ agent: 1 }, /exports agent; /],
    [{ createAgent, createSession: 1 }, /createSession is no function/],
    [{ createAgent, scenarios: [{ name: 'x' }] }, /scenarios must be a list/],
  ])('[ST7] is refused with what is missing: %s', (exported, message) => {
    expect(() => readAgentModule(exported)).toThrow(message);
  });
});
