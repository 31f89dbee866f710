import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentMs } from '@oncue/core';
import { WavRecorder } from '@oncue/livekit';

const SAMPLE_RATE_HZ = 48_000;

/**
 * Flags for a microphone without a sound, and without a question to the user. Chromium's own stand-in beeps once a second,
 * which LiveKit's VAD takes for a voice now and then when the machine is busy: an interruption that no test asked for.
 */
export function silentMicrophone(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'oncue-silence-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'silence.wav');
  const silence = new WavRecorder(SAMPLE_RATE_HZ);
  silence.add({
    firstSample: 0,
    samples: new Int16Array(SAMPLE_RATE_HZ / 10),
    soundsAtMs: 0 as AgentMs,
  });
  silence.save(file);
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    // Played over and over.
    `--use-file-for-fake-audio-capture=${file}`,
  ];
}
