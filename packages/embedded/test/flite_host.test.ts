import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { FliteHost, spawnFliteWorker } from '../src/flite/flite_host.ts';
import type { FliteRequest } from '../src/flite/flite_protocol.ts';
import { ManualClock } from './support/manual_clock.ts';

const BOUND_MS = 1000;
const HELLO: FliteRequest = { text: 'hello', voice: 'kal16', durationStretch: 1 };

const READY = `require('node:worker_threads').parentPort.postMessage({ type: 'ready' });`;
/** Reports that it is ready, takes one job and never finishes it. */
const HANGS = `${READY} require('node:worker_threads').parentPort.on('message', () => { for (;;); });`;
const DIES = `${READY} require('node:worker_threads').parentPort.on('message', () => { throw new Error('trap'); });`;
const NEVER_STARTS = 'for (;;);';

let close = async (): Promise<void> => {};
afterEach(() => close());

/** A host whose first workers run these sources; later ones are real. */
function hostWith(...sources: string[]) {
  const clock = new ManualClock();
  const spawned: Worker[] = [];
  const host = new FliteHost({
    clock,
    synthesisTimeoutMs: BOUND_MS,
    spawnWorker: () => {
      const source = sources.shift();
      const worker =
        source === undefined
          ? spawnFliteWorker()
          : new Worker(source, { eval: true, execArgv: [] });
      spawned.push(worker);
      return worker;
    },
  });
  close = () => host.close();
  return { clock, host, spawned };
}

/** Resolves once the host has received the worker's `ready`. */
function ready(worker: Worker | undefined): Promise<void> {
  return new Promise((resolve) => {
    worker?.once('message', () => resolve());
  });
}

describe('flite host', () => {
  it('ends a worker that hangs, fails its request, and answers the next one', async () => {
    const { clock, host, spawned } = hostWith(HANGS);
    const hung = host.synthesize(HELLO);
    const next = host.synthesize(HELLO);
    await ready(spawned[0]);

    clock.runNext();

    await expect(hung).rejects.toMatchObject({ code: 'EMBEDDED_TTS_TIMEOUT', retryable: false });
    expect((await next)?.samples.length).toBeGreaterThan(0);
    expect(clock.nowMs()).toBe(BOUND_MS);
    expect(spawned).toHaveLength(2);
    expect(clock.pendingCount).toBe(0);
  });

  it('ends a worker that does not start', async () => {
    const { clock, host } = hostWith(NEVER_STARTS);
    const hung = host.synthesize(HELLO);

    clock.runNext();

    await expect(hung).rejects.toMatchObject({ code: 'EMBEDDED_TTS_TIMEOUT' });
    expect(await host.synthesize(HELLO)).toBeDefined();
  });

  it('replaces a worker that dies', async () => {
    const { host } = hostWith(DIES);

    await expect(host.synthesize(HELLO)).rejects.toMatchObject({
      code: 'EMBEDDED_TTS_FAILED',
      message: expect.stringContaining('trap'),
    });
    expect(await host.synthesize(HELLO)).toBeDefined();
  });

  it('goes on after an utterance that flite rejects', async () => {
    const { host, spawned } = hostWith();

    await expect(
      host.synthesize({ ...HELLO, durationStretch: undefined as unknown as number }),
    ).rejects.toMatchObject({ code: 'EMBEDDED_TTS_FAILED' });
    expect(await host.synthesize(HELLO)).toBeDefined();
    expect(spawned).toHaveLength(1);
  });

  it('drops an aborted request, waiting or running', async () => {
    const { host } = hostWith();
    const controller = new AbortController();
    const underWay = host.synthesize(HELLO, controller.signal);
    const waiting = host.synthesize(HELLO, controller.signal);

    controller.abort();

    expect([await underWay, await waiting]).toEqual([undefined, undefined]);
    expect(await host.synthesize(HELLO, controller.signal)).toBeUndefined();
    expect(await host.synthesize(HELLO)).toBeDefined();
  });

  it('fails unfinished requests at close, and later ones', async () => {
    const { clock, host } = hostWith();
    const requests = [host.synthesize(HELLO), host.synthesize(HELLO)];
    const codes = Promise.all(requests.map((request) => request.catch(({ code }) => code)));

    await host.close();
    await host.close();

    expect(await codes).toEqual(['EMBEDDED_CLOSED', 'EMBEDDED_CLOSED']);
    await expect(host.synthesize(HELLO)).rejects.toMatchObject({ code: 'EMBEDDED_CLOSED' });
    expect(clock.pendingCount).toBe(0);
  });

  it('times each token from its own phones', async () => {
    const { host } = hostWith();
    const text = 'Dr. Who owes "$5.20", the end.';

    const speech = await host.synthesize({ ...HELLO, text });

    expect(speech?.tokens?.map((token) => token.text)).toEqual([
      'Dr',
      'Who',
      'owes',
      '$5.20',
      'the',
      'end',
    ]);
    expect(speech?.tokens?.[0]?.startMs).toBe(speech?.voicedMs?.startMs);
    expect(speech?.tokens?.at(-1)?.endMs).toBe(speech?.voicedMs?.endMs);
  });
});
