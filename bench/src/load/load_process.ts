import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initializeLogger } from '@livekit/agents';
import { seededRandom } from '../shared/random.ts';
import type { Answer, Held, LoadArgs, Order, Window } from './load_messages.ts';
import { LoadSession } from './load_session.ts';
import { LoadVoice } from './load_voice.ts';

const SEED = 77;

/** Sessions that are opened at once. */
const OPENED_AT_ONCE = 10;
const OPENED_EVERY_MS = 100;

const LOOP_RESOLUTION_MS = 5;

/** One process, as a worker of LiveKit is, that holds as many sessions as it is told to. */
class LoadProcess {
  readonly #args: LoadArgs;
  readonly #random = seededRandom(SEED);
  readonly #sessions: LoadSession[] = [];
  readonly #running = new Map<LoadSession, Promise<void>>();
  #lateMs: number[] = [];

  constructor(args: LoadArgs) {
    this.#args = args;
  }

  async hold(count: number): Promise<Held> {
    while (this.#sessions.length < count) {
      for (let place = 0; place < OPENED_AT_ONCE && this.#sessions.length < count; place += 1)
        this.#open();
      await delay(OPENED_EVERY_MS);
    }
    const closed = this.#sessions.splice(count);
    await Promise.all(closed.map((session) => session.close()));
    await Promise.all(closed.map((session) => this.#running.get(session)));
    for (const session of closed) this.#running.delete(session);
    return held(count);
  }

  #open(): void {
    const late = (lateMs: number): void => {
      this.#lateMs.push(lateMs);
    };
    const { kind, frameMs } = this.#args;
    const session = new LoadSession(kind, new LoadVoice(frameMs), this.#random, late);
    this.#sessions.push(session);
    // A session that is closed in the middle of a speech rejects.
    this.#running.set(
      session,
      session.run().catch(() => {}),
    );
  }

  async measure(forMs: number): Promise<Window> {
    const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    this.#lateMs = [];
    loop.enable();
    const before = process.cpuUsage();
    const fromMs = performance.now();
    await delay(forMs);
    const { user, system } = process.cpuUsage(before);
    loop.disable();
    return {
      count: this.#sessions.length,
      lastedMs: performance.now() - fromMs,
      cpuMs: (user + system) / 1000,
      lateMs: this.#lateMs,
      loopP99Ms: Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS),
      rssBytes: process.memoryUsage.rss(),
    };
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function held(count: number): Held {
  for (let time = 0; time < 3; time += 1) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { count, heapBytes: heapUsed + external, rssBytes: rss };
}

initializeLogger({ pretty: false, level: 'silent' });
const load = new LoadProcess(JSON.parse(process.argv[2] ?? '{}') as LoadArgs);
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  const work: Promise<Answer> =
    order.type === 'hold'
      ? load.hold(order.count).then((it) => ({ type: 'held', held: it }))
      : load.measure(order.forMs).then((it) => ({ type: 'measured', window: it }));
  void work.then((answer) => process.send?.(answer));
});
process.send?.('ready');
