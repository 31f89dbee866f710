// Follows docs/guide/first_agent.md as a newcomer does: in an empty folder, with its commands and files as they are written.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '@oncue/testbed';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import {
  findLivekitServer,
  HOW_TO_INSTALL_LIVEKIT_SERVER,
} from '../../scripts/find_livekit_server.mjs';
import { packAll, run, temporaryFolder } from '../support/packed.ts';
import { read } from '../support/repository.ts';

const GUIDE = read('docs/guide/first_agent.md');
const [INSTALL = '', SERVER = '', AGENT = '', PAGE = ''] = blocks(/^```sh\n(.*?)^```$/gms);
const FILES = [...GUIDE.matchAll(/^\*\*(\S+)\*\*[^\n]*\n\n```ts\n(.*?)^```$/gms)];
/** What the guide says that the agent's terminal shows. */
const [, HEARD = ''] = /^started: .*\n(heard: .*)$/m.exec(GUIDE) ?? [];
const ADDRESS = /`(http:[^`]+)`/.exec(GUIDE)?.[1] ?? '';
const PATIENCE = { timeout: 60_000, interval: 100 };

const temporary = temporaryFolder();
const project = path.join(temporary.folder, 'first_agent');
const bin = path.join(temporary.folder, 'bin');

beforeAll(() => {
  const server = findLivekitServer();
  if (server === undefined) throw new Error(HOW_TO_INSTALL_LIVEKIT_SERVER);
  mkdirSync(bin);
  symlinkSync(server, path.join(bin, 'livekit-server'));
  run('npm', ['run', 'build']);
  run('sh', ['-ec', withTarballs(INSTALL)], temporary.folder);
  for (const [, name = '', text = ''] of FILES) writeFileSync(path.join(project, name), text);
});

afterAll(() => temporary.remove());

it('a newcomer who follows the page of the first agent reads in its log what he heard', async () => {
  expect(FILES.map(([, name]) => name)).toEqual(['agent.js', 'page.ts', 'vite.config.ts']);
  await shows(terminal(SERVER), /starting LiveKit server/);
  const agent = terminal(AGENT.replace('--log-level error', '--log-level info'));
  await shows(agent, /registered worker/);
  await shows(terminal(PAGE), /ready in/);

  const browser = await launchChromium([]);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(ADDRESS);
  await page.click('button:enabled', { timeout: PATIENCE.timeout }).catch(async () => {
    const shown = await page.textContent('body');
    throw new Error(`Nothing could be asked. Page: ${shown}\nAgent:\n${agent.printed.join('')}`);
  });
  await shows(agent, /^heard: /m);

  expect(agent.printed.join('').match(/^heard: .*$/m)?.[0]).toBe(HEARD);
  expect(agent.printed.join('')).toMatch(/^started: device, ± \d+ ms$/m);
});

interface Terminal {
  readonly printed: string[];
}

/** Types the commands of a block. */
function terminal(commands: string): Terminal {
  const PATH = `${bin}:${process.env['PATH']}`;
  const env = { ...process.env, PATH, NO_COLOR: '1' };
  const shell = spawn('sh', ['-ec', commands], { cwd: project, env, detached: true });
  onTestFinished(() => end(shell));
  const printed: string[] = [];
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  return { printed };
}

async function shows({ printed }: Terminal, what: RegExp): Promise<void> {
  await vi
    .waitUntil(() => what.test(printed.join('')), PATIENCE)
    .catch(() => {
      throw new Error(`${what} was never printed, but:\n${printed.join('').slice(-5000)}`);
    });
}

/** A shell has processes of its own. */
function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** In place of the registry, which does not have the packages of this commit. */
function withTarballs(commands: string): string {
  const files = new Map(
    packAll(temporary.folder).map(({ manifest, file }) => [manifest.name, file]),
  );
  const core = files.get('@oncue/core') ?? '';
  return commands
    .replaceAll(/@oncue\/\w+/g, (name) => files.get(name) ?? name)
    .replace('npm install ', `npm install ${core} `);
}

function blocks(pattern: RegExp): string[] {
  return [...GUIDE.matchAll(pattern)].map(([, text = '']) => text);
}
