// @ts-check
/**
 * The worker thread that runs Moonshine tiny, on ONNX Runtime's WebAssembly.
 *
 * Plain JavaScript outside `src`, like flite's worker. The packages are optional, so they are resolved from the folder
 * of `@usefulsensors/moonshine-js`, which depends on the others.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {import('../src/moonshine/moonshine_protocol.ts').MoonshineJob} MoonshineJob */
/** @typedef {import('../src/moonshine/moonshine_protocol.ts').MoonshineMessage} MoonshineMessage */

/** Moonshine tiny: 6 layers of 8 heads with 36 values each. */
const LAYER_COUNT = 6;
const EMPTY_CACHE = [0, 8, 1, 36];
const START_TOKEN = 1;
const END_TOKEN = 2;
const SAMPLE_RATE_HZ = 16_000;
/** People say fewer; a model stuck in a loop would never stop. */
const MAX_TOKENS_PER_SECOND = 6.5;

const port = parentPort;
if (!port) throw new Error('moonshine_worker.js is a worker thread; start it with MoonshineSTT');

/** @type {string} The main file of `@usefulsensors/moonshine-js`. */
const entry = workerData.entry;
const near = createRequire(entry);
/** @param {string} name @returns {Promise<any>} */
const load = async (name) => import(pathToFileURL(near.resolve(name)).href);
const ort = await load('onnxruntime-web');
const tokenizer = await load('llama-tokenizer-js');
// More threads would be more workers, and this is already a worker.
ort.env.wasm.numThreads = 1;

const models = path.join(path.dirname(entry), 'model', 'tiny', 'quantized');
/** @param {string} name */
const session = (name) =>
  ort.InferenceSession.create(readFileSync(path.join(models, name)), {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
const encoder = await session('encoder_model.onnx');
const decoder = await session('decoder_model_merged.onnx');

/** @param {Float32Array} samples @returns {Promise<string>} */
async function recognize(samples) {
  const audio = new ort.Tensor('float32', samples, [1, samples.length]);
  const { last_hidden_state: hidden } = await encoder.run({ input_values: audio });
  /** @type {Record<string, any>} */
  const cache = {};
  for (let layer = 0; layer < LAYER_COUNT; layer += 1)
    for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'])
      cache[`past_key_values.${layer}.${part}`] = new ort.Tensor(
        'float32',
        new Float32Array(0),
        EMPTY_CACHE,
      );
  const tokens = [START_TOKEN];
  const most = Math.ceil((samples.length / SAMPLE_RATE_HZ) * MAX_TOKENS_PER_SECOND) + 2;
  for (let step = 0; step < most; step += 1) {
    const last = BigInt(tokens.at(-1) ?? START_TOKEN);
    const output = await decoder.run({
      input_ids: new ort.Tensor('int64', BigInt64Array.from([last]), [1, 1]),
      encoder_hidden_states: hidden,
      use_cache_branch: new ort.Tensor('bool', [step > 0], [1]),
      ...cache,
    });
    const token = largest(output.logits.data);
    tokens.push(token);
    if (token === END_TOKEN) break;
    keep(cache, output, step);
  }
  return textOf(tokens);
}

/** Keeps the encoder's values of the first step, and the decoder's of the newest. @param {Record<string, any>} cache @param {Record<string, any>} output @param {number} step */
function keep(cache, output, step) {
  for (const name of Object.keys(cache)) {
    if (step > 0 && name.includes('encoder')) continue;
    cache[name] = output[name.replace('past_key_values', 'present')];
  }
}

/** @param {Float32Array} values */
function largest(values) {
  let best = 0;
  for (let index = 1; index < values.length; index += 1)
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}

/** @param {number[]} tokens */
function textOf(tokens) {
  const words = tokens.filter((token) => token !== END_TOKEN);
  return tokenizer.default.decode(words).trim();
}

/** @param {MoonshineMessage} message */
const send = (message) => port.postMessage(message);

port.on('message', async (/** @type {MoonshineJob} */ { id, samples }) => {
  try {
    send({ type: 'done', id, text: await recognize(samples) });
  } catch (error) {
    send({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});
send({ type: 'ready' });
