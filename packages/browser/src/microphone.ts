/** Why there is no microphone. */
export type MicrophoneProblem =
  /** The user, or a policy, said no. */
  | 'denied'
  /** The machine has none. */
  | 'no_device'
  /** Another program holds it, or the system failed. */
  | 'in_use'
  /** Pages get a microphone only over https or from localhost. */
  | 'insecure_origin'
  /** The browser has no `getUserMedia` or no AudioWorklet. */
  | 'unsupported'
  /** Anything else; `cause` has it. */
  | 'failed';

/** The microphone could not be opened; the message says what to do. */
export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

/** How a microphone is opened. */
export interface MicrophoneOptions {
  /** Gets every frame: 320 samples, 16 kHz mono, 20 ms. The array is the caller's. */
  readonly onFrame?: (samples: Int16Array) => void;
  /** Sends every frame to this socket as one binary message: 640 bytes, 16 bit little-endian. */
  readonly url?: string | URL;
  /** Of `@oncue/browser/microphone.worklet.js` as served to the page. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /** Of `enumerateDevices`. Default: the system's choice. */
  readonly deviceId?: string;
  /** The device was unplugged, or the permission taken back. */
  readonly onEnded?: () => void;
}

/** An open microphone. */
export interface Microphone {
  /** While `true` no frame comes. */
  muted: boolean;
  /** Lets go of the device. May be called twice. */
  close(): void;
}

/** Opens the microphone. @throws MicrophoneError */
export async function openMicrophone(options: MicrophoneOptions): Promise<Microphone> {
  await Promise.resolve();
  throw new MicrophoneError('unsupported', `not built yet: ${String(options.url)}`);
}
