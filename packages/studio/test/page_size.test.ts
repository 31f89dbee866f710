import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { buildPage } from '../src/server/page_build.ts';

/** The limit of ST11, compressed. */
const MAX_BYTES = 40_000;

/** Only a page in a room loads these. */
const IN_A_ROOM = ['room.js', 'reporter.worklet.js'];

it('[ST11] the page has all its files, and its scripts are small', async () => {
  const files = await buildPage();
  const scripts = files.filter(({ name }) => name.endsWith('.js') && !IN_A_ROOM.includes(name));
  const bytes = scripts.reduce((sum, { body }) => sum + gzipSync(body).length, 0);

  expect(files.map(({ name }) => name).sort()).toEqual([
    'icon.svg',
    'index.html',
    'main.js',
    'microphone.worklet.js',
    'page.css',
    'player.worker.js',
    'player.worklet.js',
    'reporter.worklet.js',
    'room.js',
  ]);
  expect(bytes).toBeLessThan(MAX_BYTES);
});
