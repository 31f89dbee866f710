import { AgentSocket } from '../player/agent_socket.ts';
import { MICROPHONE_PROCESSOR } from './worklet/microphone_core.ts';

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

/** More than this waits to leave, half a second: what is older is of no use to somebody who listens for speech. */
const MAX_WAITING_BYTES = 16_000;

/**
 * Opens the microphone, with echo cancellation and noise suppression as the browser does them. The first time the
 * browser asks the user.
 *
 * @throws MicrophoneError
 */
export async function openMicrophone(options: MicrophoneOptions): Promise<Microphone> {
  const stream = await openDevice(options.deviceId);
  try {
    return await OpenMicrophone.on(stream, options);
  } catch (error) {
    for (const track of stream.getTracks()) track.stop();
    throw asMicrophoneError(error);
  }
}

class OpenMicrophone implements Microphone {
  muted = false;
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #socket: AgentSocket | undefined;
  #closed = false;

  private constructor(stream: MediaStream, context: AudioContext, options: MicrophoneOptions) {
    this.#stream = stream;
    this.#context = context;
    this.#node = new AudioWorkletNode(context, MICROPHONE_PROCESSOR, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    const { url, onFrame, onEnded } = options;
    if (url !== undefined) {
      this.#socket = new AgentSocket(url, { text() {}, bytes() {}, ended() {} });
      this.#socket.connect();
    }
    this.#node.port.onmessage = ({ data }) => {
      if (this.muted || this.#closed) return;
      const frame = data as Int16Array<ArrayBuffer>;
      if (this.#socket && this.#socket.waitingBytes <= MAX_WAITING_BYTES) this.#socket.send(frame);
      onFrame?.(frame);
    };
    stream.getAudioTracks()[0]?.addEventListener('ended', () => {
      this.close();
      onEnded?.();
    });
    context.createMediaStreamSource(stream).connect(this.#node);
  }

  static async on(stream: MediaStream, options: MicrophoneOptions): Promise<OpenMicrophone> {
    const { workletUrl = new URL('./microphone.worklet.js', import.meta.url) } = options;
    // At the device's own rate: some browsers cannot bring a microphone to another, so the worklet does.
    const context = new AudioContext({ latencyHint: 'interactive' });
    try {
      await context.audioWorklet.addModule(String(workletUrl));
      // A page that captures may also play, so this is granted.
      void context.resume();
      return new OpenMicrophone(stream, context, options);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const track of this.#stream.getTracks()) track.stop();
    this.#node.port.postMessage('dispose');
    this.#node.disconnect();
    this.#socket?.stop();
    void this.#context.close();
  }
}

async function openDevice(deviceId: string | undefined): Promise<MediaStream> {
  if (!window.isSecureContext) {
    throw new MicrophoneError(
      'insecure_origin',
      'pages get a microphone only over https or from localhost',
    );
  }
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia || !('AudioWorkletNode' in window))
    throw new MicrophoneError('unsupported', 'this browser cannot capture a microphone');
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
    ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
  };
  try {
    return await devices.getUserMedia({ audio });
  } catch (error) {
    throw asMicrophoneError(error);
  }
}

const PROBLEMS: Readonly<Record<string, readonly [MicrophoneProblem, string]>> = {
  NotAllowedError: ['denied', 'the microphone was not allowed; allow it in the address bar'],
  SecurityError: ['denied', 'a policy of this page or browser forbids the microphone'],
  NotFoundError: ['no_device', 'no microphone was found; plug one in'],
  OverconstrainedError: ['no_device', 'the chosen microphone is not there any more'],
  NotReadableError: ['in_use', 'the microphone is in use by another program, or failed'],
  AbortError: ['in_use', 'the microphone could not be started'],
};

function asMicrophoneError(error: unknown): MicrophoneError {
  if (error instanceof MicrophoneError) return error;
  const name = error instanceof Error ? error.name : '';
  const [problem, message] = PROBLEMS[name] ?? ['failed', 'the microphone could not be opened'];
  return new MicrophoneError(problem, message, { cause: error });
}
