import type { WebSocket } from 'ws';
import { encodeControl, type ServerMessage } from '../protocol/control_messages.ts';

/** A page with more unsent data than this is disconnected. It reconnects and gets the whole trace again. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** Lines in one message; a new page gets a long run in several messages. */
const LINES_PER_MESSAGE = 2000;

/** The control sockets of all open pages. */
export class OpenPages {
  readonly #sockets = new Set<WebSocket>();

  /** Adds a page until its socket closes. */
  add(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Sends a message to all pages. */
  send(message: ServerMessage): void {
    if (this.#sockets.size === 0) return;
    const text = encodeControl(message);
    for (const page of this.#sockets) {
      if (page.bufferedAmount > MAX_UNSENT_BYTES) page.terminate();
      else page.send(text);
    }
  }
}

/** The messages that carry these lines of a run. `nowMs` is on the agent's clock. */
export function traceMessages(
  lines: readonly string[],
  of: { readonly run: number; readonly nowMs: number },
): ServerMessage[] {
  const messages: ServerMessage[] = [];
  for (let from = 0; from < lines.length; from += LINES_PER_MESSAGE) {
    const part = lines.slice(from, from + LINES_PER_MESSAGE);
    messages.push({ type: 'trace', ...of, lines: part });
  }
  return messages;
}
