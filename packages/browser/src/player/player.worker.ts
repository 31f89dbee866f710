import { PlayerEngine } from './player_engine.ts';
import type { ToPage, ToWorker } from './player_messages.ts';

/** What is used here of a worker's global scope, which the library of types for pages does not have. */
interface WorkerScope {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: ToPage): void;
  close(): void;
}

/** After `close`, for the last words to leave. */
const LAST_WORDS_MS = 1000;

const scope = globalThis as unknown as WorkerScope;
let engine: PlayerEngine | undefined;

scope.onmessage = ({ data }) => {
  const message = data as ToWorker;
  if (message.type === 'connect') {
    engine = new PlayerEngine(message, (answer) => scope.postMessage(answer));
    return;
  }
  engine?.take(message);
  if (message.type === 'close') setTimeout(() => scope.close(), LAST_WORDS_MS);
};
