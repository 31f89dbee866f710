import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StudioLink } from '../page/studio_link.ts';

/** The page's end of a connection that stays open. */
class OpenSocket {
  static readonly OPEN = 1;
  static newest: OpenSocket | undefined;
  onopen: () => void = () => {};
  onclose: () => void = () => {};
  onmessage: (event: { readonly data: string }) => void = () => {};

  constructor() {
    OpenSocket.newest = this;
  }

  /** What Studio sends, by the agent's clock. */
  clock(nowMs: number): void {
    this.onmessage({ data: JSON.stringify({ v: 1, type: 'clock', nowMs }) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', OpenSocket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('[ST32] a Studio that sends nothing for 3 s does not answer, though the connection is open, and the playhead stands still', () => {
  const states: boolean[] = [];
  const link = new StudioLink(
    'ws://127.0.0.1:4610/studio',
    () => {},
    (isOpen) => states.push(isOpen),
  );
  OpenSocket.newest?.onopen();
  OpenSocket.newest?.clock(5000);
  const saidAtMs = link.nowMs();
  vi.advanceTimersByTime(2900);
  expect(states).toEqual([true]);
  expect(link.nowMs() - saidAtMs).toBe(2900);

  vi.advanceTimersByTime(30_000);
  expect(states).toEqual([true, false]);
  expect(link.nowMs() - saidAtMs).toBe(3000);

  OpenSocket.newest?.clock(5000 + 32_900);
  expect(states).toEqual([true, false, true]);
  expect(link.nowMs() - saidAtMs).toBeCloseTo(32_900, 0);
});
