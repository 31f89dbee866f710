import { afterEach, expect, it, vi } from 'vitest';
import { openMicrophone } from '../src/microphone/microphone.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page whose `getUserMedia` fails with an error of this name, as browsers name theirs. */
function pageThatFails(name: string): void {
  const error = new Error('refused');
  error.name = name;
  stubPage({ getUserMedia: () => Promise.reject(error) });
}

function stubPage(mediaDevices: object | undefined, isSecureContext = true): void {
  vi.stubGlobal('window', { isSecureContext, AudioWorkletNode: class {} });
  vi.stubGlobal('navigator', { mediaDevices });
}

it.each([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'no_device'],
  ['OverconstrainedError', 'no_device'],
  ['NotReadableError', 'in_use'],
  ['AbortError', 'in_use'],
  ['SomethingNew', 'failed'],
])('[BR13] the browser says %s, and the microphone %s', async (name, problem) => {
  pageThatFails(name);

  await expect(openMicrophone({})).rejects.toMatchObject({
    name: 'MicrophoneError',
    problem,
    cause: { name },
  });
});

it('[BR13] a page over plain http gets insecure_origin', async () => {
  stubPage({}, false);

  await expect(openMicrophone({})).rejects.toMatchObject({ problem: 'insecure_origin' });
});

it('[BR13] a browser without getUserMedia gets unsupported', async () => {
  stubPage(undefined);

  await expect(openMicrophone({})).rejects.toMatchObject({ problem: 'unsupported' });
});
