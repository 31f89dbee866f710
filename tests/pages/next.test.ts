import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { launchChromium, needsChromium } from '@oncue/testbed';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { installConsumer, packAll, run, temporaryFolder } from '../support/packed.ts';
import { PageServer } from '../support/page_server.ts';
import { inRepository, read } from '../support/repository.ts';

/** Next writes scripts into its pages, so it needs `unsafe-inline`. What Oncue loads needs neither `data:` nor `blob:`. */
const POLICY = "script-src 'self' 'unsafe-inline'; worker-src 'self'";
const NEXT_VERSION = '16.4.6';
const FILES: readonly string[] = ['player.worker', 'player.worklet', 'reporter.worklet'];
const FILE = /reporter\.worklet|player\.worklet|player\.worker/;
/** Playwright reports the request of a worker, but not that of a worklet. */
const NOTE_WORKLETS = `
  globalThis.worklets = [];
  const { addModule } = AudioWorklet.prototype;
  AudioWorklet.prototype.addModule = async function (url, ...options) {
    await addModule.call(this, url, ...options);
    worklets.push(String(url));
  };`;
/** There is no icon, and Next and React speak of their tools. */
const NOT_OURS = /favicon|\[HMR\]|\[Fast Refresh\]|^info: .*React DevTools/;
const PATIENCE = { timeout: 60_000, interval: 200 };

const temporary = temporaryFolder();
const project = path.join(temporary.folder, 'page');

beforeAll(() => {
  run('npm', ['run', 'build']);
  const tarballs = packAll(temporary.folder).filter(({ manifest }) =>
    ['@oncue/core', '@oncue/browser', '@oncue/react'].includes(manifest.name),
  );
  mkdirSync(path.join(project, 'app'), { recursive: true });
  cpSync(inRepository('tests/pages/page/strict_mode.js'), path.join(project, 'app', 'room.js'));
  write('app/page.js', "export { App as default } from './room.js';");
  write(
    'app/layout.js',
    "import { createElement as e } from 'react';" +
      "export default ({ children }) => e('html', { lang: 'en' }, e('body', null, e('main', null, children)));",
  );
  const headers = [{ key: 'content-security-policy', value: POLICY }];
  write(
    'next.config.mjs',
    `const headers = async () => [{ source: '/:path*', headers: ${JSON.stringify(headers)} }];\n` +
      "export default process.env.NODE_ENV === 'production' ? { headers } : {};",
  );
  installConsumer(project, tarballs, {
    'livekit-client': developedWith('browser', 'livekit-client'),
    next: NEXT_VERSION,
    react: developedWith('react', 'react'),
    'react-dom': developedWith('react', 'react-dom'),
  });
  // The page is JavaScript, and Next would check it with settings that it cannot use.
  rmSync(path.join(project, 'tsconfig.json'));
});

afterAll(() => temporary.remove());

beforeEach((context) => needsChromium(context));

it('[RP13][BR16] next build: nothing to configure, also with a content policy', async () => {
  run('npx', ['next', 'build'], project);

  const { printed, loaded } = await visit('start');

  expect(printed).toEqual([]);
  expect(loaded.toSorted()).toEqual(FILES);
});

it('[RE1] next dev: the files are there too, and StrictMode is silent', async () => {
  const { printed, loaded } = await visit('dev');

  expect(printed).toEqual([]);
  expect(loaded.toSorted()).toEqual(FILES);
});

/** Serves the project, and opens its page until the player has an agent and the reporters wait for one. */
async function visit(command: 'start' | 'dev'): Promise<{ printed: string[]; loaded: string[] }> {
  const agent = await PageServer.open(project, '');
  onTestFinished(() => agent.close());
  const url = await serve(command);
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const printed: string[] = [];
  const requested: string[] = [];
  page.on('console', (message) => {
    const { url: source } = message.location();
    const line = `${message.type()}: ${message.text()} ${source}`;
    if (!NOT_OURS.test(line)) printed.push(line);
  });
  page.on('pageerror', (error) => printed.push(error.message));
  page.context().on('request', (request) => requested.push(request.url()));
  await page.addInitScript(NOTE_WORKLETS);
  await page.addInitScript(`globalThis.agentUrl = '${agent.url.replace('http', 'ws')}agent'`);
  await page.goto(url);
  const shown = (): Promise<string> =>
    // While Next loads the page anew there is nothing to ask.
    page.evaluate<string>('document.querySelector("main").textContent').catch(() => '');
  await vi.waitUntil(async () => (await shown()) === 'waitinglistening waiting', PATIENCE);
  const loaded = new Set<string>();
  await vi.waitUntil(async () => {
    const addresses = [...requested, ...(await page.evaluate<string[]>('worklets'))];
    for (const address of addresses) for (const name of FILE.exec(address) ?? []) loaded.add(name);
    return loaded.size === FILES.length;
  }, PATIENCE);
  return { printed, loaded: [...loaded] };
}

/** @returns Its address, when it answers. */
async function serve(command: 'start' | 'dev'): Promise<string> {
  const port = await freePort();
  const program = path.join(project, 'node_modules', 'next', 'dist', 'bin', 'next');
  const server = spawn(process.execPath, [program, command, '--port', String(port)], {
    cwd: project,
    stdio: 'ignore',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    detached: true,
  });
  onTestFinished(() => end(server));
  // `next dev` answers no other name.
  const url = `http://localhost:${port}/`;
  await vi.waitUntil(
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    PATIENCE,
  );
  return url;
}

/** Next starts processes of its own. */
function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

function write(file: string, text: string): void {
  writeFileSync(path.join(project, file), `${text}\n`);
}

/** The version of a package that one of ours is developed with. */
function developedWith(folder: string, name: string): string {
  const { devDependencies } = JSON.parse(read(`packages/${folder}/package.json`)) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies[name] ?? '';
}
