import { connectPlayer, openMicrophone, type Player } from '../../src/index.ts';

let player: Player | undefined;
let recorder: AudioWorkletNode | undefined;
const states: string[] = [];
const errors: { code: string; text: string }[] = [];
const recorded: Float32Array[] = [];

/** Connects a player, and starts it at once or with a click on the page's button. */
export function connect({
  start,
  ...urls
}: {
  readonly start: boolean;
  readonly workerUrl?: string;
  readonly workletUrl?: string;
}): void {
  player = connectPlayer({ url: 'listener', ...urls });
  states.push(player.state);
  player.on('state', (state) => {
    states.push(state);
    console.log(state);
  });
  player.on('error', ({ code, message, cause }) =>
    errors.push({ code, text: `${message}: ${String(cause)}` }),
  );
  document.querySelector('button')?.addEventListener('click', () => player?.start());
  if (start) player.start();
}

export function view(): {
  readonly states: readonly string[];
  readonly errors: readonly { readonly code: string; readonly text: string }[];
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

/** Records the output of the player's node. */
export async function record(): Promise<void> {
  const { context, node } = player ?? {};
  if (!context || !node) throw new TypeError('no audio yet');
  await context.audioWorklet.addModule('recorder.worklet.js');
  recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
  recorder.port.onmessage = ({ data: { block } }) => {
    if (block) recorded.push(block as Float32Array);
  };
  node.connect(recorder);
}

/** What was recorded, as 16 bit values. */
export function recording(): number[] {
  return recorded.flatMap((block) => Array.from(block, (sample) => sample * 32_768));
}

/** Blocks the main thread. */
export function beBusy(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}

/** Suspends the context, as a device does that stops. */
export async function suspend(): Promise<void> {
  await player?.context?.suspend();
}

export async function resume(): Promise<void> {
  await player?.context?.resume();
}

/** The worklet throws. */
export function failWorklet(): void {
  player?.node?.dispatchEvent(new Event('processorerror'));
}

/** From now on the browser has no audio output. */
export function removeOutput(): void {
  globalThis.AudioContext = class {
    constructor() {
      throw new DOMException('no output', 'NotSupportedError');
    }
  } as unknown as typeof AudioContext;
}

/** Opens the microphone in a browser that answers with an error of this name. @returns The code. */
export async function microphoneError(of: {
  readonly name: string;
  readonly isSecure?: boolean;
  readonly hasWorklets?: boolean;
}): Promise<unknown> {
  const { name, isSecure = true, hasWorklets = true } = of;
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', name));
  Object.defineProperty(window, 'isSecureContext', { value: isSecure });
  if (!hasWorklets) Reflect.deleteProperty(window, 'AudioWorkletNode');
  const opening = openMicrophone({});
  return opening.catch(({ code, cause }) => ({ code, cause: (cause as Error | undefined)?.name }));
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
