import { spawnSync } from 'node:child_process';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { resampled } from './sounds.ts';

const HEADER_BYTES = 44;
const RATE_OFFSET = 24;
const WORDS_A_MINUTE = '230';

/**
 * What espeak-ng says, at the rate of the embedded voice, without the silence before it.
 *
 * @throws Error that says how to install it.
 */
export function espeak(voice: string, text: string): Int16Array {
  const { stdout, error } = spawnSync(
    'espeak-ng',
    ['-v', voice, '-s', WORDS_A_MINUTE, '--stdout', text],
    { maxBuffer: 1e8 },
  );
  if (error) {
    const install = 'apt-get install --no-install-recommends espeak-ng';
    throw new Error(`espeak-ng is not installed: ${install}`, { cause: error });
  }
  const samples = Int16Array.from({ length: (stdout.length - HEADER_BYTES) >> 1 }, (_, index) =>
    stdout.readInt16LE(HEADER_BYTES + index * 2),
  );
  const atRate = resampled(samples, stdout.readUInt32LE(RATE_OFFSET), SAMPLE_RATE_HZ);
  const first = atRate.findIndex((sample) => Math.abs(sample) > 100);
  return atRate.slice(Math.max(0, first));
}
