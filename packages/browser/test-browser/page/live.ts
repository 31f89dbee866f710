import { connectPlayer, openMicrophone, type Player } from '../../src/index.ts';

let player: Player | undefined;
let recorder: AudioWorkletNode | undefined;
const states: string[] = [];
const errors: string[] = [];
const recorded: Float32Array[] = [];

/** Connects a player; `start` is a call, or a click on the page's button. */
export function connect(of: { readonly start: boolean; readonly workerUrl?: string }): void {
  const { workerUrl } = of;
  player = connectPlayer({ url: 'listener', ...(workerUrl === undefined ? {} : { workerUrl }) });
  states.push(player.state);
  player.on('state', (state) => {
    states.push(state);
    console.log(state);
  });
  player.on('error', (error) => errors.push(`${error.message}: ${String(error.cause)}`));
  document.querySelector('button')?.addEventListener('click', () => player?.start());
  if (of.start) player.start();
}

export function view(): {
  readonly states: readonly string[];
  readonly errors: readonly string[];
  readonly position: unknown;
  readonly stats: unknown;
  readonly nowMs: number;
} {
  return {
    states,
    errors,
    position: player?.position(),
    stats: player?.stats(),
    nowMs: performance.now(),
  };
}

/** Records what the player's node gives out. */
export async function record(): Promise<void> {
  const { context, node } = player ?? {};
  if (!context || !node) throw new TypeError('no audio yet');
  await context.audioWorklet.addModule('recorder.worklet.js');
  recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
  recorder.port.onmessage = ({ data }) => recorded.push(data as Float32Array);
  node.connect(recorder);
}

/** What was recorded, as 16 bit values. */
export function recording(): number[] {
  return recorded.flatMap((block) => Array.from(block, (sample) => sample * 32_768));
}

/** Keeps the main thread from doing anything else. */
export function beBusy(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}

/** The device stops, and goes on. */
export async function suspend(): Promise<void> {
  await player?.context?.suspend();
}

export async function resume(): Promise<void> {
  await player?.context?.resume();
}

export function closePlayer(): void {
  player?.close();
}

/** Opens the microphone for some frames. @returns Their lengths, or the error code. */
export async function capture(of: { readonly frames: number }): Promise<unknown> {
  try {
    const lengths: number[] = [];
    let loudest = 0;
    await new Promise<void>((resolve, reject) => {
      const open = openMicrophone({
        onFrame: (frame) => {
          lengths.push(frame.length);
          for (const sample of frame) loudest = Math.max(loudest, Math.abs(sample));
          if (lengths.length === of.frames) resolve();
        },
      });
      open.catch(reject);
    });
    return { lengths, loudest };
  } catch (error) {
    return { code: (error as { code?: string }).code };
  }
}
