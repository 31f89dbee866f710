import { BenchListener } from './bench_listener.ts';
import { workletCost } from './worklet_cost.ts';

// The page of the benchmarks "room" and "hangup".

Object.assign(globalThis, { fixture: { ...new BenchListener().calls, workletCost } });
