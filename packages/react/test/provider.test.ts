// Tests for SPEC.md, "React": what a room is attached to, and when.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Room } from 'livekit-client';
import { act, createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import ts from 'typescript';
import { afterEach, expect, it, vi } from 'vitest';
import { OncueProvider, useHeardCaption, useReporter, useResponses } from '../src/index.ts';
import { RoomStore, storeOf } from '../src/room_store.ts';
import { FakeAttachment, openWindow, responseOf } from './support/page.ts';

let closeWindow = (): void => {};
afterEach(() => {
  closeWindow();
  closeWindow = () => {};
  vi.restoreAllMocks();
});

const aRoom = (): Room => ({}) as Room;

it('[RE1] a room is attached to once, however many use it, and left when the last has gone', async () => {
  const fake = new FakeAttachment();
  const store = new RoomStore(aRoom(), fake.attach);
  const first = store.use({});
  const second = store.use({});
  first();
  await Promise.resolve();
  expect([fake.attachCount, fake.closeCount]).toEqual([1, 0]);
  second();
  await Promise.resolve();
  expect([fake.attachCount, fake.closeCount]).toEqual([1, 1]);
  expect(fake.listenerCount).toBe(0);
});

it('[RE1] a component that mounts, unmounts and mounts again at once, as in StrictMode, keeps the reporter', async () => {
  const fake = new FakeAttachment();
  const store = new RoomStore(aRoom(), fake.attach);
  store.use({})();
  const release = store.use({});
  await Promise.resolve();
  expect([fake.attachCount, fake.closeCount]).toEqual([1, 0]);
  release();
});

it('[RE1] after all have gone, a room can be attached to again', async () => {
  const fake = new FakeAttachment();
  const store = new RoomStore(aRoom(), fake.attach);
  const events: string[] = [];
  store.on('response_started', ({ response }) => events.push(response.id));
  for (const _ of [1, 2]) {
    const release = store.use({});
    fake.emit('response_started', { response: responseOf(0), heardMs: 0 });
    release();
    await Promise.resolve();
  }
  expect(fake.attachCount).toBe(2);
  expect(events).toEqual(['r1', 'r1']);
});

it('[RE8] the error of a room that could not be attached to is over when it can be', async () => {
  const fake = new FakeAttachment();
  let isBroken = true;
  const store = new RoomStore(aRoom(), (room, options) => {
    if (isBroken) throw new Error('no audio');
    return fake.attach(room, options);
  });
  const release = store.use({});
  expect(store.error?.code).toBe('no_output');
  isBroken = false;
  const releaseOther = store.use({});
  expect(store.error).toBeUndefined();
  release();
  releaseOther();
});

it('[RE1] each room has one store', () => {
  const [one, other] = [aRoom(), aRoom()];
  expect(storeOf(one)).toBe(storeOf(one));
  expect(storeOf(one)).not.toBe(storeOf(other));
});

function Everything(): string {
  const { spoken, unspoken } = useHeardCaption();
  const { state } = useReporter();
  return `${state} ${useResponses().length} ${spoken}${unspoken}`;
}

it('[RE7] a server renders it without a page, and attaches to nothing', () => {
  const room = aRoom();
  const html = renderToString(createElement(OncueProvider, { room }, createElement(Everything)));

  expect(html).toContain('waiting 0');
  expect(storeOf(room).error).toBeUndefined();
});

it('[RE7] the entry begins with "use client", also when it is compiled', () => {
  const source = readFileSync(fileURLToPath(new URL('../src/index.ts', import.meta.url)), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });

  expect(outputText.split('\n')[0]).toBe("'use client';");
});

it('[RE8] where a browser has no audio, the reporter has an error, and the page goes on', async () => {
  closeWindow = openWindow();
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const room = { options: {}, on() {}, off() {}, remoteParticipants: new Map() } as unknown as Room;
  const element = document.createElement('div');
  const root = createRoot(element);
  const shown = (): string => `shown ${useReporter().error?.code}`;
  const tree = createElement(OncueProvider, { room }, createElement(shown));
  await act(async () => root.render(createElement(StrictMode, null, tree)));

  expect(element.textContent).toBe('shown no_output');
  expect(logged).not.toHaveBeenCalled();
  await act(async () => root.unmount());
});

it('[RE8] a hook outside of the provider says what to do', () => {
  expect(() => renderToString(createElement(Everything))).toThrow(
    expect.objectContaining({
      name: 'HookError',
      code: 'no_provider',
      message: expect.stringMatching(/put <OncueProvider room=\{room\}>/),
    }),
  );
});
