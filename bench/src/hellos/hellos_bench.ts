import { initializeLogger, voice } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { attachOncue } from '@oncue/livekit';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { median } from '../shared/stats.ts';
import { type Attacker, type Guise, RoomAttacker, SocketAttacker } from './attackers.ts';

const PER_SECOND = 1000;
const ROUNDS = 5;
const ROUND_SECONDS = 3;
const BATCH_MS = 10;
/** Of one core. */
const MOST_PERCENT = 2;

interface Run {
  readonly name: string;
  readonly hellos: number;
  readonly percent: number;
  readonly sent: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something so often in real time. @returns Processor time of the whole process, per cent of a core, and the count. */
async function flood(hello: () => void): Promise<{ percent: number; hellos: number }> {
  const fromMs = performance.now();
  const before = process.cpuUsage();
  let hellos = 0;
  for (;;) {
    const passedMs = performance.now() - fromMs;
    if (passedMs >= ROUND_SECONDS * 1000) break;
    for (; hellos < (passedMs * PER_SECOND) / 1000; hellos += 1) hello();
    await wait(BATCH_MS);
  }
  const { user, system } = process.cpuUsage(before);
  return { percent: (user + system) / 10 / (performance.now() - fromMs), hellos };
}

/** What the same hellos cost when they are said to nobody is left out. The first round warms up. */
async function attack(name: string, attacker: Attacker): Promise<Run> {
  const percents: number[] = [];
  let hellos = 0;
  let sent = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const idle = await flood(() => attacker.rehearse());
    const sentBefore = attacker.sent;
    const busy = await flood(() => attacker.hello());
    if (round === 0) continue;
    percents.push(busy.percent - idle.percent);
    hellos += busy.hellos;
    sent += attacker.sent - sentBefore;
  }
  return { name, hellos, percent: median(percents), sent };
}

async function attackOf(carrier: 'socket' | 'room', guise: Guise): Promise<Run> {
  const session = new voice.AgentSession({});
  const name = `${carrier}: ${guise}`;
  if (carrier === 'socket') {
    const attacker = new SocketAttacker(guise);
    const oncue = attachOncue(session, { listener: attacker.listener });
    const run = await attack(name, attacker);
    await oncue.close();
    return run;
  }
  const attacker = new RoomAttacker(guise);
  const oncue = attachOncue(session, { room: attacker.room, audience: 'any' });
  const run = await attack(name, attacker);
  await oncue.close();
  return run;
}

/**
 * What 1,000 times `hello` a second cost an agent that says nothing, and what they make it send. What `ws` and LiveKit take
 * to receive a message is not part of it.
 */
export async function hellosBench(): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const runs: Run[] = [];
  for (const carrier of ['socket', 'room'] as const)
    for (const guise of ['the same', 'a new one'] as const)
      runs.push(await attackOf(carrier, guise));
  printTable(
    `${PER_SECOND} hellos a second for ${ROUND_SECONDS} s, median of ${ROUNDS} rounds`,
    ['listener', 'hellos', 'of one core', 'sent, but pings and welcomes'],
    runs.map(({ name, hellos, percent, sent }) => [
      name,
      cell(hellos, 0),
      `${cell(percent, 2)} %`,
      cell(sent, 0),
    ]),
  );
  const percent = Math.max(...runs.map((run) => run.percent));
  const sent = Math.max(...runs.map((run) => run.sent));
  printFigures('hellos', { percent, sent });
  if (percent > MOST_PERCENT || sent > 0) process.exitCode = 1;
  await dispose();
}
