// Preloaded with --import, which worker threads inherit. On Node 20 tsx registers itself in the main
// thread only, so a worker that a package starts from its TypeScript source would fail with
// "Unknown file extension .ts".
import { isMainThread } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

if (!isMainThread) register();
