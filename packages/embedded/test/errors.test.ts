import { expect, it } from 'vitest';
import { FliteTTS } from '../src/flite/flite_tts.ts';
import { MoonshineHost } from '../src/moonshine/moonshine_host.ts';
import { MoonshineSTT } from '../src/moonshine/moonshine_stt.ts';

it.each([
  ['a voice that does not exist', { voice: 'nobody' as 'slt' }],
  ['a speed above 2', { speed: 2.1 }],
  ['a speed that is not a number', { speed: Number.NaN }],
  ['no time for a synthesis', { synthesisTimeoutMs: 0 }],
])('FliteTTS refuses %s with EMBEDDED_BAD_OPTION', (_case, options) => {
  expect(() => new FliteTTS(options)).toThrow(
    expect.objectContaining({ code: 'EMBEDDED_BAD_OPTION' }),
  );
});

it('a recognizer whose worker dies fails its requests with EMBEDDED_STT_FAILED', async () => {
  const host = new MoonshineHost('/no/such/recognizer.js');

  const recognized = host.recognize(new Float32Array(1600));

  await expect(recognized).rejects.toMatchObject({ code: 'EMBEDDED_STT_FAILED' });
  await host.close();
});

it('a recognizer that is not installed, or is asked for a stream, says EMBEDDED_STT_UNAVAILABLE', () => {
  // Which of the two throws depends on whether it is installed here.
  expect(() => new MoonshineSTT().stream()).toThrow(
    expect.objectContaining({ code: 'EMBEDDED_STT_UNAVAILABLE' }),
  );
});
