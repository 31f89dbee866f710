import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SAMPLE_RATE_HZ = 48_000;
const BYTES_PER_SAMPLE = 2;
const SILENCE_MS = 100;

/**
 * Flags for a silent microphone that needs no permission. Chromium's own fake microphone beeps once a second. On a busy
 * machine LiveKit's VAD sometimes takes that for speech, and the agent is interrupted in the middle of a test.
 */
export function silentMicrophone(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'oncue-silence-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'silence.wav');
  writeFileSync(file, silentWav());
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    // Chromium plays the file in a loop.
    `--use-file-for-fake-audio-capture=${file}`,
  ];
}

/** Mono, 16-bit PCM: the 44 bytes of a RIFF header, then zeros. */
function silentWav(): Buffer {
  const dataBytes = (SAMPLE_RATE_HZ / 1000) * SILENCE_MS * BYTES_PER_SAMPLE;
  const wav = Buffer.alloc(44 + dataBytes);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + dataBytes, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE, 28);
  wav.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  wav.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(dataBytes, 40);
  return wav;
}
