import { PlayerEngine } from './player_engine.ts';
import type { ToPage, ToWorker } from './player_messages.ts';
import { CLOSING_MS } from './tuning.ts';

/** The part of a worker's global scope that is used here. TypeScript's library for pages does not declare it. */
interface WorkerScope {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: ToPage): void;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
let engine: PlayerEngine | undefined;

scope.onmessage = ({ data }) => {
  const message = data as ToWorker;
  if (message.type === 'connect') {
    engine = new PlayerEngine(message, (answer) => scope.postMessage(answer));
    return;
  }
  engine?.take(message);
  if (message.type === 'close') setTimeout(() => scope.close(), CLOSING_MS);
};
