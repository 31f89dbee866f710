import type { AgentMs, Audibility, Clock } from '@oncue/core';
import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import { ListenerConnection } from '../../src/listeners/listener_connection.ts';

/** A clock whose process can stand still: timers that became due meanwhile run late, and all at one instant. */
class StoppableClock implements Clock {
  #nowMs = 10_000;
  #timers: { readonly dueMs: number; readonly run: () => void }[] = [];

  nowMs(): AgentMs {
    return this.#nowMs as AgentMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  advance(ms: number): void {
    for (let passed = 0; passed < ms; passed += 10) this.standStill(10);
  }

  standStill(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#timers = this.#timers.filter((one) => !due.includes(one));
    for (const { run } of due) run();
  }
}

it('[FT3] a listener is not silent for the time for which the process of the agent stood still', () => {
  const clock = new StoppableClock();
  const seen: Audibility[] = [];
  const say = (message: ListenerMessage): void => {
    seq += 1;
    connection.follow(connection.judge(encodeListenerMessage(message, { epoch: 'page', seq })));
  };
  let answersPings = true;
  let seq = 0;
  const connection: ListenerConnection = new ListenerConnection({
    sameClock: false,
    pingIntervalMs: 200,
    isPlaying: () => true,
    clock,
    send: (message) => {
      const atMs = clock.nowMs() as never;
      if (message.type !== 'ping' || !answersPings) return;
      const { pingId } = message;
      clock.schedule(20, () => say({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs }));
    },
    answersChanged: () => {},
    audibilityChanged: () => seen.push(connection.audibility),
  });
  say({ type: 'hello', evidence: 'device' });
  // Its last ping has been answered.
  clock.advance(2050);

  clock.standStill(4000);
  clock.advance(2000);
  expect([seen, connection.audibility]).toEqual([[], 'listening']);

  answersPings = false;
  clock.advance(3300);
  expect([seen, connection.audibility]).toEqual([['silent'], 'silent']);
  connection.leave();
});
