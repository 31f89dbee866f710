import { AgentSocket } from '../player/agent_socket.ts';
import { loadWorklet } from '../shared/load_worklet.ts';
import { MICROPHONE_PROCESSOR } from './worklet/microphone_core.ts';

/** Why the microphone could not be opened. What to do about each: `docs/reference/errors.md`. */
export type MicrophoneErrorCode =
  /** The user or a policy has denied it. */
  | 'denied'
  /** The machine has no microphone. */
  | 'no_device'
  /** Another program uses it, or the system failed. */
  | 'in_use'
  /** Browsers give a microphone only to pages served over https or from localhost. */
  | 'insecure_origin'
  /** The browser has no `getUserMedia` or no AudioWorklet. */
  | 'unsupported'
  /** Anything else; see `cause`. */
  | 'failed';

/** The microphone could not be opened; the message says what to do. */
export class MicrophoneError extends Error {
  readonly code: MicrophoneErrorCode;

  constructor(code: MicrophoneErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'MicrophoneError';
    this.code = code;
  }
}

/** Options of `openMicrophone`. */
export interface MicrophoneOptions {
  /** Called with every frame: 320 samples, 16 kHz mono, 20 ms. The callee may keep the array. */
  readonly onFrame?: (samples: Int16Array) => void;
  /** URL of a WebSocket that gets every frame as one binary message: 640 bytes, 16 bit little-endian. */
  readonly url?: string | URL;
  /** URL at which the page serves `@oncue/browser/microphone.worklet.js`. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /** A device id from `enumerateDevices`. Default: the system's choice. */
  readonly deviceId?: string;
  /** Called when the device is unplugged or the permission is withdrawn. */
  readonly onEnded?: () => void;
}

/** An open microphone. */
export interface Microphone {
  /** While `true`, no frames are sent. */
  muted: boolean;
  /** Releases the device. May be called twice. */
  close(): void;
}

/** When more than this waits to be sent, half a second of audio, new frames are dropped: late speech is of no use. */
const MAX_WAITING_BYTES = 16_000;

/**
 * Opens the microphone, with the browser's echo cancellation, noise suppression and gain control. The first time, the browser
 * asks the user.
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
    // At the device's own rate: some browsers cannot resample a microphone, so the worklet does.
    const context = new AudioContext({ latencyHint: 'interactive' });
    try {
      const error = await loadWorklet(context, String(workletUrl), 'microphone.worklet.js');
      if (error) throw new MicrophoneError('failed', error.message, { cause: error.cause });
      // A page that captures may also play, so the browser allows this.
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
      'browsers give a microphone only to pages over https or from localhost: serve the page so',
    );
  }
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia || !('AudioWorkletNode' in window))
    throw new MicrophoneError(
      'unsupported',
      'this browser cannot capture a microphone: use another one',
    );
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

const ERRORS: Readonly<Record<string, readonly [MicrophoneErrorCode, string]>> = {
  NotAllowedError: ['denied', 'the microphone was not allowed; allow it in the address bar'],
  SecurityError: [
    'denied',
    'a policy of the page or the browser forbids the microphone; allow it there',
  ],
  NotFoundError: ['no_device', 'no microphone was found; plug one in'],
  OverconstrainedError: ['no_device', 'the chosen microphone is gone; choose another'],
  NotReadableError: [
    'in_use',
    'the microphone is in use by another program, or failed; close that program',
  ],
  AbortError: ['in_use', 'the microphone could not be started; try again'],
};

function asMicrophoneError(error: unknown): MicrophoneError {
  if (error instanceof MicrophoneError) return error;
  const name = error instanceof Error ? error.name : '';
  const [code, message] = ERRORS[name] ?? [
    'failed',
    'the microphone could not be opened; see cause',
  ];
  return new MicrophoneError(code, message, { cause: error });
}
