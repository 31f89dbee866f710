// Runs in the page: measures what a block costs in its worklet.
{
  /** Renders `seconds` with a processor. @returns What a block of 128 frames took, in µs. */
  async function timeProcessor({ name, sampleRateHz, seconds }) {
    const frames = seconds * sampleRateHz;
    const context = new OfflineAudioContext(1, frames, sampleRateHz);
    await context.audioWorklet.addModule('/assets/player.worklet.js');
    const empty =
      "registerProcessor('bench-empty', class extends AudioWorkletProcessor { process() { return true; } })";
    const url = URL.createObjectURL(new Blob([empty], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, name, {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions: { capacitySamples: frames, startSamples: 0, startWaitFrames: 0 },
    });
    node.connect(context.destination);
    if (name !== 'bench-empty') node.port.postMessage(new Int16Array(frames).fill(1234));
    const startMs = performance.now();
    await context.startRendering();
    return ((performance.now() - startMs) * 1000) / (frames / 128);
  }

  globalThis.benchCost = { timeProcessor };
}
