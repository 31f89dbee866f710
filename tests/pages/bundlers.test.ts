import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium, needsChromium } from '@oncue/testbed';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { installConsumer, packAll, run, temporaryFolder } from '../support/packed.ts';
import { PageServer } from '../support/page_server.ts';
import { inRepository, read } from '../support/repository.ts';

const temporary = temporaryFolder();
const consumer = path.join(temporary.folder, 'page');

/** Allows scripts of the page's own origin only: neither `data:` nor `blob:`, nor anything written in the page. */
const STRICT = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ws:";

/** What the page of StrictMode shows when nothing more is to come. */
const SETTLED = 'waitinglistening waiting';

/** The hooks, the reporter and the player: each has an audio context. */
const USERS = 3;
const COUNT_CONTEXTS = `
  const contexts = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor(...options) {
      super(...options);
      contexts.push(this);
    }
  };
  globalThis.openContexts = () => contexts.filter(({ state }) => state !== 'closed').length;`;

const FILES: readonly string[] = [
  'reporter.worklet',
  'player.worklet',
  'player.worker',
  'microphone.worklet',
];

beforeAll(() => {
  run('npm', ['run', 'build']);
  const tarballs = packAll(temporary.folder).filter(({ manifest }) =>
    ['@oncue/core', '@oncue/browser', '@oncue/react'].includes(manifest.name),
  );
  mkdirSync(consumer);
  installConsumer(consumer, tarballs, {
    'livekit-client': developedWith('browser', 'livekit-client'),
    react: developedWith('react', 'react'),
    'react-dom': developedWith('react', 'react-dom'),
  });
  cpSync(inRepository('tests/pages/page/main.js'), path.join(consumer, 'main.js'));
});

afterAll(() => temporary.remove());

beforeEach((context) => needsChromium(context));

/** Opens a page and says which of the files it loaded, and what went wrong. */
async function visit(
  folder: string,
  contentPolicy: string,
): Promise<{ readonly loaded: string[]; readonly errors: string[] }> {
  const server = await PageServer.open(folder, contentPolicy);
  onTestFinished(() => server.close());
  const browser = await launchChromium([
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
  ]);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(server.url);
  const isOver = async (): Promise<boolean> => {
    const microphone = await page.evaluate<boolean>('globalThis.microphoneOpened === true');
    const errors = await page.evaluate<string[]>('globalThis.pageErrors ?? []');
    return (
      errors.length >= FILES.length - 1 || (microphone && loadedOf(server).length === FILES.length)
    );
  };
  await vi.waitUntil(isOver, { timeout: 60_000, interval: 100 }).catch(() => {});
  const errors = await page.evaluate<string[]>('globalThis.pageErrors');
  return { loaded: loadedOf(server), errors };
}

function loadedOf({ served }: PageServer): string[] {
  return FILES.filter((name) => [...served].some((file) => file.includes(name)));
}

it('[RP13][BR16] Vite: nothing to configure, also with a strict content policy', async () => {
  writeFileSync(
    path.join(consumer, 'index.html'),
    '<!doctype html><script type="module" src="/main.js"></script>',
  );
  await build({ root: consumer, logLevel: 'error', configFile: false });

  const { loaded, errors } = await visit(path.join(consumer, 'dist'), STRICT);

  expect(errors).toEqual([]);
  expect(loaded).toEqual(FILES);
}, 120_000);

it('[RP13][BR16] no bundler: an import map, and each file beside its module', async () => {
  const imports = {
    '@oncue/browser': '/node_modules/@oncue/browser/dist/index.js',
    '@oncue/browser/reporter': '/node_modules/@oncue/browser/dist/reporter/index.js',
    '@oncue/core/wire': '/node_modules/@oncue/core/dist/wire/index.js',
    'livekit-client': '/node_modules/livekit-client/dist/livekit-client.esm.mjs',
  };
  const map = JSON.stringify({ imports });
  writeFileSync(
    path.join(consumer, 'index.html'),
    `<!doctype html><script type="importmap">${map}</script><script type="module" src="/main.js"></script>`,
  );
  const hash = createHash('sha256').update(map).digest('base64');

  const { loaded, errors } = await visit(
    consumer,
    STRICT.replace("'self';", `'self' 'sha256-${hash}';`),
  );

  expect(errors).toEqual([]);
  expect(loaded).toEqual(FILES);
}, 60_000);

it('[RP13][BR16][BR17] a file that is not served: each error says which file was looked for, and where', async () => {
  const page = path.join(temporary.folder, 'without');
  cpSync(path.join(consumer, 'dist'), page, { recursive: true });
  const main = readFileSync(path.join(page, 'index.html'), 'utf8');
  writeFileSync(path.join(page, 'options.js'), optionsFor('/nowhere/'));
  writeFileSync(
    path.join(page, 'index.html'),
    main.replace('<script', '<script src="/options.js"></script><script'),
  );

  const { errors } = await visit(page, STRICT);

  for (const file of ['reporter.worklet.js', 'player.worklet.js', 'microphone.worklet.js'])
    expect(errors.join('\n')).toMatch(
      new RegExp(
        `the worklet .*/nowhere/${file} could not be loaded: serve @oncue/browser/${file}`,
      ),
    );
}, 60_000);

it('[RE1] React StrictMode: silent, and one connection in the end', async () => {
  const root = path.join(consumer, 'strict');
  mkdirSync(root);
  cpSync(inRepository('tests/pages/page/strict_mode.js'), path.join(root, 'app.js'));
  writeFileSync(
    path.join(root, 'main.js'),
    "import { createElement } from 'react';import { createRoot } from 'react-dom/client';import { App } from './app.js';" +
      "createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(App));",
  );
  writeFileSync(
    path.join(root, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/main.js"></script>',
  );
  const define = { 'process.env.NODE_ENV': '"development"' };
  await build({ root, define, logLevel: 'error', configFile: false });
  const server = await PageServer.open(path.join(root, 'dist'), 'img-src data:');
  onTestFinished(() => server.close());
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const printed: string[] = [];
  page.on('console', (message) => {
    // React's own line about its tools.
    if (message.type() !== 'info') printed.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => printed.push(error.message));
  await page.addInitScript(COUNT_CONTEXTS);

  await page.goto(server.url);
  const shown = () => page.evaluate<string>('document.querySelector("main").textContent');
  await vi.waitUntil(async () => (await shown()) === SETTLED, { timeout: 15_000, interval: 100 });

  expect(printed).toEqual([]);
  // What the first mount opened is closed by now, or soon.
  await vi.waitUntil(() => server.openSockets === 1, { timeout: 15_000, interval: 100 });
  await vi.waitUntil(async () => (await page.evaluate('openContexts()')) === USERS, {
    timeout: 15_000,
    interval: 100,
  });
}, 60_000);

/** A script that says that the files are elsewhere. */
function optionsFor(folder: string): string {
  const workletUrl = (name: string): string => `{ workletUrl: '${folder}${name}.worklet.js' }`;
  return ['reporter', 'player', 'microphone']
    .map((name) => `globalThis.${name}Options = ${workletUrl(name)};`)
    .join('\n');
}

/** The version of a package that one of ours is developed with. */
function developedWith(folder: string, name: string): string {
  const { devDependencies } = JSON.parse(read(`packages/${folder}/package.json`)) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies[name] ?? '';
}
