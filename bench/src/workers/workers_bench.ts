import { setTimeout as delay } from 'node:timers/promises';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { type LivekitServer, startLivekitServer } from '@oncue/testbed';
import { Call } from './call.ts';
import { WorkerProcess } from './worker_process.ts';

const HEARD_WITHIN_MS = 60_000;
const READ_WITHIN_MS = 40_000;
/** The text is under way. */
const IN_THE_MIDDLE_MS = 4000;
/** A job whose worker is gone ends by itself after 15 s. */
const ORPHANED_MS = 20_000;

type Scenario = (server: LivekitServer) => Promise<Call[]>;

/** What happens to the calls of a worker that is drained, replaced, or killed. One text of about 15 s, in real rooms. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'nothing happens': async (server) => {
    const worker = await WorkerProcess.start(server);
    const call = await calling(server, 'quiet');
    await call.until(/to its end/, READ_WITHIN_MS);
    await call.until(/agent left/, 10_000);
    await stopped(worker);
    return [call];
  },
  'drain: SIGTERM to the worker, in the middle of a response': async (server) => {
    const worker = await WorkerProcess.start(server);
    const call = await calling(server, 'drained');
    call.note('SIGTERM to the worker');
    worker.signal('SIGTERM');
    await call.until(/to its end/, READ_WITHIN_MS);
    if (await worker.ended(30_000)) call.note('the worker has ended');
    return [call];
  },
  'deploy: a new worker starts, and the old one is drained': async (server) => {
    const old = await WorkerProcess.start(server);
    const first = await calling(server, 'before');
    const next = await WorkerProcess.start(server);
    first.note('a new worker is there; SIGTERM to the old one');
    old.signal('SIGTERM');
    await delay(500);
    const second = await calling(server, 'after');
    await first.until(/to its end/, READ_WITHIN_MS);
    await second.until(/to its end/, READ_WITHIN_MS);
    if (await old.ended(30_000)) first.note('the old worker has ended');
    await stopped(next);
    return [first, second];
  },
  'crash: SIGKILL to the process of the call': async (server) => {
    const worker = await WorkerProcess.start(server);
    const call = await calling(server, 'killed');
    call.note('SIGKILL to the process of the call');
    if (call.agentPid !== undefined) process.kill(call.agentPid, 'SIGKILL');
    await call.until(/agent left/, 40_000);
    await call.until(/heard, known/, 30_000, 2);
    await stopped(worker);
    return [call];
  },
  'crash: SIGKILL to the worker': async (server) => {
    const worker = await WorkerProcess.start(server);
    const call = await calling(server, 'orphaned');
    call.note('SIGKILL to the worker');
    worker.signal('SIGKILL');
    await call.until(/to its end/, READ_WITHIN_MS);
    await call.until(/agent left/, ORPHANED_MS);
    return [call];
  },
};

/** Several workers as LiveKit runs them: what is seen in the rooms of a worker that is drained, replaced or killed. */
export async function workersBench(args: readonly string[]): Promise<void> {
  initializeLogger({ pretty: false, level: 'silent' });
  const [only] = args;
  for (const [name, run] of Object.entries(SCENARIOS)) {
    if (only !== undefined && !name.includes(only)) continue;
    const server = await startLivekitServer();
    try {
      console.log(`\n${name}`);
      for (const call of await run(server)) {
        for (const { atMs, what } of call.seen)
          console.log(`  ${(atMs / 1000).toFixed(1).padStart(6)} s  ${call.name}: ${what}`);
        await call.end();
      }
    } finally {
      await server.stop();
    }
  }
  await dispose();
}

/** A call in the middle of its text. */
async function calling(server: LivekitServer, name: string): Promise<Call> {
  const call = await Call.begin(server, name);
  if (!(await call.until(/heard, known/, HEARD_WITHIN_MS))) call.note('nothing was heard');
  await delay(IN_THE_MIDDLE_MS);
  return call;
}

async function stopped(worker: WorkerProcess): Promise<void> {
  worker.signal('SIGTERM');
  if (!(await worker.ended(10_000))) worker.signal('SIGKILL');
}
