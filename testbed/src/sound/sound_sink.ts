import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPulseaudio, HOW_TO_INSTALL_FIREFOX } from '../../../scripts/find_firefox.mjs';

const START_DEADLINE_MS = 10_000;
const POLL_MS = 20;
const SINK_NAME = 'null';

/** A sound device that plays to nobody. */
export interface SoundSink {
  /** For the environment of programs that play into it. */
  readonly env: Readonly<Record<'PULSE_SERVER', string>>;
  /** The path of the server's socket. */
  readonly socket: string;
  /** The name of the source that records what sounds. */
  readonly monitor: string;
  stop(): Promise<void>;
}

/**
 * Starts a PulseAudio server of our own with a null sink of 48 kHz, as this machine's only sound device. It ends with this process
 * at the latest, and needs no rights.
 *
 * @throws Error that says how to install PulseAudio, or with what it wrote if it does not start within 10 s.
 */
export async function startSoundSink(): Promise<SoundSink> {
  const program = findPulseaudio();
  if (program === undefined) throw new Error(HOW_TO_INSTALL_FIREFOX);
  const folder = await mkdtemp(path.join(tmpdir(), 'oncue-sound-'));
  const socket = path.join(folder, 'socket');
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    // With rewinds the monitor holds back what may still be taken back, and the server's latency figures do not say so: the
    // recording was late by what waited in the device, 2 to 147 ms.
    `module-null-sink sink_name=${SINK_NAME} rate=48000 norewinds=1`,
  ];
  const child = spawn(
    program,
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--realtime=no',
      '--high-priority=no',
      ...modules.flatMap((one) => ['-L', one]),
    ],
    {
      // Whatever server this machine has already is left alone.
      env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_RUNTIME_PATH: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  child.on('error', (error) => {
    log += String(error);
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await rm(folder, { recursive: true, force: true });
  };
  const endMs = performance.now() + START_DEADLINE_MS;
  while (!existsSync(socket)) {
    if (performance.now() > endMs || child.exitCode !== null) {
      await stop();
      throw new Error(`${program} did not start: ${log}`);
    }
    await sleep(POLL_MS);
  }
  return { env: { PULSE_SERVER: `unix:${socket}` }, socket, monitor: `${SINK_NAME}.monitor`, stop };
}
