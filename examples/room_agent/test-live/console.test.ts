import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ConsoleBroker } from './support/console_broker.ts';

const SOON = { timeout: 60_000, interval: 50 };
const FIRST = 'One moment please, I am looking that up for you.';
const SECOND = 'It is right behind you, on the other side of the square, next to the old clock.';
let broker: ConsoleBroker;
let agent: ChildProcess;
let printed = '';

beforeAll(async () => {
  broker = await ConsoleBroker.open();
  agent = startConsole(broker.address);
  await vi.waitFor(() => expect(broker.states).toContain('listening'), SOON);
});

afterAll(async () => {
  broker?.close();
  // On SIGTERM LiveKit's console command stays, with Oncue or without.
  if (agent?.exitCode === null) agent.kill('SIGKILL');
});

/** Starts the example by LiveKit's `console` command, as `lk agent console` does. */
function startConsole(address: string): ChildProcess {
  const worker = new URL('../../../scripts/tsx_in_workers.mjs', import.meta.url).href;
  const source = ['--conditions=@oncue/source', '--import', worker, '--import', 'tsx'];
  const file = fileURLToPath(new URL('../agent.ts', import.meta.url));
  const command = ['console', '--connect-addr', address, '--log-level', 'warn'];
  const child = spawn(process.execPath, [...source, file, ...command]);
  const keep = (data: Buffer): void => {
    printed += data.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return child;
}

/** How often a text stands in what the agent printed. */
const timesPrinted = (text: string): number => printed.split(text).length - 1;

it("[LK17] LiveKit's console command: Oncue follows its output, says so once, and a cut keeps what was played", async () => {
  broker.states.length = 0;
  await broker.ask('Where is the station?');

  await vi.waitFor(() => expect(broker.states.at(-1)).toBe('listening'), SOON);
  expect(broker.states).toEqual(['thinking', 'speaking', 'thinking', 'speaking', 'listening']);
  expect(await broker.messages()).toEqual([{ text: `${FIRST} ${SECOND}`, interrupted: false }]);
  expect(timesPrinted('ONCUE_OUTPUT_REPLACED')).toBe(1);

  // A typed line interrupts what is said.
  const [first = 0] = broker.playedMs;
  broker.playedMs.length = 0;
  const cut = broker.ask('And the museum?');
  await vi.waitFor(() => expect(broker.playingMs).toBeGreaterThan(first / 2), SOON);
  const whole = broker.ask('Thank you.');
  await Promise.all([cut, whole]);

  const messages = await broker.messages();
  expect(messages).toHaveLength(3);
  expect(messages[1]?.interrupted).toBe(true);
  expect(FIRST.startsWith(messages[1]?.text ?? 'nothing')).toBe(true);
  expect(messages[1]?.text.length).toBeLessThan(FIRST.length);
  expect(messages[2]).toEqual({ text: `${FIRST} ${SECOND}`, interrupted: false });
  expect(timesPrinted('ONCUE_OUTPUT_REPLACED')).toBe(1);
  expect(printed).not.toMatch(/ONCUE_FAILED_OPEN|ONCUE_LIVEKIT_CHANGED|ERROR/);
});
