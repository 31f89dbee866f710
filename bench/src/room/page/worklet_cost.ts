import { SPEECH_BAND_HZ, speechBandKernel } from '@oncue/core/wire';

const RATE_HZ = 48_000;
const SOUND_SAMPLES = 1200;

/**
 * Renders noise as fast as possible, through the reporter's worklet or through an empty one.
 *
 * @param of.searches How many searches run all the time. @returns How long a block of 128 frames took, in µs.
 */
export async function workletCost(of: {
  readonly seconds: number;
  readonly searches: number | 'empty';
}): Promise<number> {
  const frames = of.seconds * RATE_HZ;
  const context = new OfflineAudioContext(1, frames, RATE_HZ);
  const noise = new AudioBufferSourceNode(context, { buffer: noiseOf(context), loop: true });
  noise.connect(await nodeOf(context, of)).connect(context.destination);
  noise.start();
  const startMs = performance.now();
  await context.startRendering();
  return ((performance.now() - startMs) * 1000) / (frames / 128);
}

async function nodeOf(
  context: OfflineAudioContext,
  { seconds, searches }: { readonly seconds: number; readonly searches: number | 'empty' },
): Promise<AudioNode> {
  if (searches === 'empty') {
    const empty =
      "registerProcessor('bench-empty', class extends AudioWorkletProcessor { process() { return true; } })";
    const url = URL.createObjectURL(new Blob([empty], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    return new AudioWorkletNode(context, 'bench-empty', { outputChannelCount: [1] });
  }
  await context.audioWorklet.addModule('reporter.worklet.js');
  const node = new AudioWorkletNode(context, 'oncue-reporter', {
    channelCount: 1,
    channelCountMode: 'explicit',
    outputChannelCount: [1],
    processorOptions: {
      kernel: speechBandKernel(RATE_HZ),
      framesPerBandSample: RATE_HZ / SPEECH_BAND_HZ,
    },
  });
  for (let searchId = 0; searchId < searches; searchId += 1) {
    const sound = Int8Array.from(
      { length: SOUND_SAMPLES },
      (_, index) => 100 * Math.sin(index * (0.2 + searchId / 10)),
    );
    const toFrame = seconds * RATE_HZ;
    node.port.postMessage({
      type: 'search',
      searchId,
      sound,
      fromFrame: 0,
      toFrame,
      expectedFrame: undefined,
    });
  }
  // Messages need some time to arrive before the first block.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return node;
}

function noiseOf(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, RATE_HZ, RATE_HZ);
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = (Math.random() - 0.5) / 5;
  return buffer;
}
