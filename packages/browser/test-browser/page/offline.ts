import { PLAYER_PROCESSOR, type WorkletCommand } from '../../src/player/worklet/player_commands.ts';
import type { OfflineRender, OfflineStep } from '../support/offline_steps.ts';

/** Plays the player's worklet through an OfflineAudioContext, doing each step at its frame. */
export async function renderOffline(of: {
  readonly sampleRateHz: number;
  readonly frames: number;
  readonly steps: readonly OfflineStep[];
}): Promise<OfflineRender> {
  const context = new OfflineAudioContext(1, of.frames, of.sampleRateHz);
  await context.audioWorklet.addModule('player.worklet.js');
  const node = new AudioWorkletNode(context, PLAYER_PROCESSOR, {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions: { capacitySamples: of.sampleRateHz * 2, startSamples: 0, startWaitFrames: 0 },
  });
  node.connect(context.destination);
  const mailboxes: number[][] = [];
  const steps = of.steps.map(async (step) => {
    await context.suspend(step.atFrame / of.sampleRateHz);
    if (step.write) node.port.postMessage(Int16Array.from(step.write));
    mailboxes.push(await ask(node, step.command ?? 'read'));
    await context.resume();
  });
  const rendered = await context.startRendering();
  await Promise.all(steps);
  const output = Array.from(rendered.getChannelData(0), (sample) => sample * 32_768);
  return { output, mailboxes };
}

/** Renders `seconds` of speech that never pauses. @returns What a block of 128 frames took, in µs. */
export async function measureProcess(of: {
  readonly sampleRateHz: number;
  readonly seconds: number;
}): Promise<{ readonly microsPerQuantum: number; readonly emptyMicrosPerQuantum: number }> {
  const quanta = (of.seconds * of.sampleRateHz) / 128;
  const time = async (plays: boolean): Promise<number> => {
    const frames = of.seconds * of.sampleRateHz;
    const context = new OfflineAudioContext(1, frames, of.sampleRateHz);
    await context.audioWorklet.addModule('player.worklet.js');
    await context.audioWorklet.addModule('silence.worklet.js');
    const node = new AudioWorkletNode(context, plays ? PLAYER_PROCESSOR : 'silence', {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions: { capacitySamples: frames, startSamples: 0, startWaitFrames: 0 },
    });
    node.connect(context.destination);
    if (plays) {
      node.port.postMessage(new Int16Array(frames).fill(1234));
    }
    const startMs = performance.now();
    await context.startRendering();
    return ((performance.now() - startMs) * 1000) / quanta;
  };
  await time(true);
  const emptyMicrosPerQuantum = await time(false);
  return { microsPerQuantum: await time(true), emptyMicrosPerQuantum };
}

function ask(node: AudioWorkletNode, command: WorkletCommand): Promise<number[]> {
  return new Promise((resolve) => {
    node.port.onmessage = ({ data }) => resolve([...(data as Float64Array)]);
    node.port.postMessage(command);
  });
}
