import type { Clock, ResponseId } from '@oncue/core';
import type { AgentMessage } from '@oncue/core/wire';
import type { ListenerDevice } from './listener_device.ts';

/** What a `SocketListener` needs of a WebSocket. That of the `ws` package is one. */
export interface ListenerSocket {
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: 'message' | 'close' | 'error',
    listener: (event: { readonly data?: unknown }) => void,
  ): void;
}

/** How a socket listener keeps and sends audio. */
export interface SocketListenerOptions {
  /** Default 24,000. 8,000 to 192,000. */
  readonly sampleRateHz?: number;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** How long playout stands still for a page that is not there, ms ≥ 0. Default 5000. */
  readonly graceMs?: number;
  /** A page began or ceased to listen. */
  readonly onPresence?: (isListening: boolean) => void;
}

/** The close codes of a listener's socket; the page tells its user what they mean. */
export const SOCKET_CLOSED_SESSION_OVER = 4000;
/** @see SOCKET_CLOSED_SESSION_OVER */
export const SOCKET_CLOSED_REPLACED = 4001;

/** A listener on a WebSocket: a page with `@oncue/browser`'s player. */
export class SocketListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = false;

  constructor(options: SocketListenerOptions = {}) {
    this.sampleRateHz = options.sampleRateHz ?? 24_000;
  }

  /** Whether a page listens now. */
  get isListening(): boolean {
    return false;
  }

  /** A page connected. It listens from its `hello` on; the page that listened before is sent away then. */
  attachSocket(_socket: ListenerSocket): void {}

  open(_onMessage: (raw: string) => void): void {}
  send(_message: AgentMessage): void {}
  write(_responseId: ResponseId, _samples: Int16Array): void {}
  close(): void {}
}
