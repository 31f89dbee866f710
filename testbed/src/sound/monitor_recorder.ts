import { PulseConnection } from './pulse_connection.ts';
import type { SoundSink } from './sound_sink.ts';

const RATE_HZ = 48_000;
const BYTES_PER_SAMPLE = 2;

/** Audio comes in parts of 100 ms. It is not asked for faster, since that would change the latency of the device. */
const PART_BYTES = (RATE_HZ / 10) * BYTES_PER_SAMPLE;
const UNLIMITED = 0xffff_ffff;

const READ_INTERVAL_MS = 20;

/** A reading that took longer says too little about when it was made. */
const QUICK_MS = 2;

/** What sounded on a sound device. */
export interface DeviceRecording {
  /** 48 kHz, mono. */
  readonly samples: Int16Array;
  /** At the second instant, on this process's clock, the place of the first sounded; both in ms, in order. */
  readonly readings: readonly (readonly [number, number])[];
}

/** Records what sounds on a sink, from now on. */
export class MonitorRecorder {
  readonly #connection: PulseConnection;
  readonly #stream: number;
  readonly #parts: Buffer[] = [];
  readonly #readings: [number, number][] = [];
  readonly #timer: NodeJS.Timeout;

  private constructor(connection: PulseConnection, stream: number) {
    this.#connection = connection;
    this.#stream = stream;
    this.#timer = setInterval(() => void this.#read().catch(() => {}), READ_INTERVAL_MS);
  }

  static async start({ socket, monitor }: SoundSink): Promise<MonitorRecorder> {
    const connection = await PulseConnection.open(socket);
    const early: Buffer[] = [];
    connection.onAudio = (_, audio) => early.push(audio);
    const { reply } = await connection.ask('createRecordStream', (ask) =>
      ask
        .text('recorder')
        .monoFormat(RATE_HZ)
        .number(UNLIMITED)
        .text(monitor)
        .number(UNLIMITED)
        .flags(false)
        .number(PART_BYTES)
        // As it is: no other format, rate or device.
        .flags(false, false, false, false, false, false, false),
    );
    const recorder = new MonitorRecorder(connection, reply.number());
    recorder.#parts.push(...early);
    connection.onAudio = (_, audio) => recorder.#parts.push(audio);
    return recorder;
  }

  stop(): DeviceRecording {
    clearInterval(this.#timer);
    this.#connection.close();
    const bytes = Buffer.concat(this.#parts);
    const samples = new Int16Array(Math.floor(bytes.length / BYTES_PER_SAMPLE));
    for (let index = 0; index < samples.length; index += 1)
      samples[index] = bytes.readInt16LE(index * BYTES_PER_SAMPLE);
    return { samples, readings: this.#readings };
  }

  /** The server says what it has given us, and how far that is ahead of what sounds. */
  async #read(): Promise<void> {
    const { reply, askedAtMs, answeredAtMs } = await this.#connection.ask(
      'getRecordLatency',
      (ask) => ask.number(this.#stream).time(Date.now()),
    );
    if (answeredAtMs - askedAtMs > QUICK_MS) return;
    const aheadMs = reply.micros() / 1000;
    const waitingMs = reply.micros() / 1000;
    if (!reply.flag()) return;
    reply.skipTime();
    reply.skipTime();
    const givenMs = (reply.position() * 1000) / BYTES_PER_SAMPLE / RATE_HZ;
    this.#readings.push([givenMs + waitingMs - aheadMs, (askedAtMs + answeredAtMs) / 2]);
  }
}
