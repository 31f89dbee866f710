import { setTimeout as delay } from 'node:timers/promises';
import { PulseConnection } from './pulse_connection.ts';

const RATE_HZ = 48_000;
const BYTES_PER_SAMPLE = 2;
const AT_ONCE = 0xffff_ffff;
/** Of the clicks. */
export const CLICK_EVERY_MS = 500;
const LAST_CLICK_MS = 3000;
/** The server is asked this often where its playback is. */
const READ_INTERVAL_MS = 10;
const NEAR_MS = 150;

type Readings = readonly (readonly [positionMs: number, atMs: number])[];

/** Plays a click every half second. @returns When each sounds, by the server's latency of this stream. */
export async function playClicks(socket: string, bufferMs: number): Promise<number[]> {
  const connection = await PulseConnection.open(socket);
  const { reply } = await connection.ask('createPlaybackStream', (ask) =>
    ask
      .text('clicks')
      .monoFormat(RATE_HZ)
      .number(AT_ONCE)
      .text(undefined)
      .number(AT_ONCE)
      .flags(false)
      .number((bufferMs * RATE_HZ * BYTES_PER_SAMPLE) / 1000)
      .number(AT_ONCE)
      .number(AT_ONCE)
      .number(0)
      .fullVolume()
      .flags(false, false, false, false, false, false, false),
  );
  const stream = reply.number();
  const readings: [number, number][] = [];
  const clicks = clickTrack();
  let sentBytes = 0;
  const beganAtMs = performance.now();
  while (performance.now() - beganAtMs < LAST_CLICK_MS + CLICK_EVERY_MS) {
    const aheadMs = performance.now() - beganAtMs + 2 * bufferMs;
    const wanted = Math.round((aheadMs * RATE_HZ) / 1000) * BYTES_PER_SAMPLE;
    if (wanted > sentBytes) connection.play(stream, clicks.subarray(sentBytes, wanted));
    sentBytes = Math.max(sentBytes, wanted);
    const reading = await readPlayback(connection, stream);
    if (reading) readings.push(reading);
    await delay(READ_INTERVAL_MS);
  }
  connection.close();
  const count = LAST_CLICK_MS / CLICK_EVERY_MS;
  return Array.from({ length: count }, (_, index) =>
    instantMs(readings, (index + 1) * CLICK_EVERY_MS),
  );
}

async function readPlayback(
  connection: PulseConnection,
  stream: number,
): Promise<[number, number] | undefined> {
  const { reply, askedAtMs, answeredAtMs } = await connection.ask('getPlaybackLatency', (ask) =>
    ask.number(stream).time(Date.now()),
  );
  const waitingMs = reply.micros() / 1000;
  reply.micros();
  if (!reply.flag()) return undefined;
  reply.skipTime();
  reply.skipTime();
  reply.position();
  const takenMs = (reply.position() * 1000) / BYTES_PER_SAMPLE / RATE_HZ;
  return [takenMs - waitingMs, (askedAtMs + answeredAtMs) / 2];
}

/** One second longer than the last click. */
function clickTrack(): Buffer {
  const samples = ((LAST_CLICK_MS + 1000) * RATE_HZ) / 1000;
  const track = Buffer.alloc(samples * BYTES_PER_SAMPLE);
  for (let atMs = CLICK_EVERY_MS; atMs <= LAST_CLICK_MS; atMs += CLICK_EVERY_MS)
    track.writeInt16LE(20_000, ((atMs * RATE_HZ) / 1000) * BYTES_PER_SAMPLE);
  return track;
}

/** By the median of the readings near a position. */
export function instantMs(readings: Readings, positionMs: number): number {
  const offsets = readings
    .filter(([atMs]) => Math.abs(atMs - positionMs) < NEAR_MS)
    .map(([atMs, pageMs]) => pageMs - atMs)
    .sort((one, other) => one - other);
  return positionMs + (offsets[offsets.length >> 1] ?? Number.NaN);
}
