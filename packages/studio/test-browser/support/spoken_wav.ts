import { writeFileSync } from 'node:fs';
import { FliteTTS } from '@oncue/embedded';

const HEADER_BYTES = 44;

/** Writes a WAV file: silence for `afterMs`, the spoken text, then ten seconds of silence. */
export async function writeSpokenWav(
  file: string,
  of: { readonly text: string; readonly afterMs: number },
): Promise<void> {
  const voice = new FliteTTS({ voice: 'rms' });
  const pieces: Int16Array[] = [];
  let rateHz = 16_000;
  for await (const { frame } of voice.synthesize(of.text)) {
    rateHz = frame.sampleRate;
    pieces.push(frame.data);
  }
  await voice.close();
  const silence = (forMs: number): Int16Array => new Int16Array((rateHz * forMs) / 1000);
  const all = [silence(of.afterMs), ...pieces, silence(10_000)];
  const samples = all.reduce((count, piece) => count + piece.length, 0);
  const bytes = Buffer.alloc(HEADER_BYTES + samples * 2);
  writeHeader(bytes, rateHz);
  let at = HEADER_BYTES;
  for (const sample of all.flatMap((piece) => [...piece])) at = bytes.writeInt16LE(sample, at);
  writeFileSync(file, bytes);
}

function writeHeader(bytes: Buffer, rateHz: number): void {
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(bytes.length - HEADER_BYTES, 40);
}
