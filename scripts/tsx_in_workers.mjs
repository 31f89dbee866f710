// Preload this with --import, which worker threads inherit. On Node 20, tsx registers itself in the main thread
// only. Without this, a worker that a package starts from its TypeScript source fails with "Unknown file
// extension .ts".
import { isMainThread } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

if (!isMainThread) register();
