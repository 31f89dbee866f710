import type { voice } from '@livekit/agents';
import { LocalDevice } from '@oncue/livekit';
import { SAMPLE_RATE_HZ } from '../fakes/words_tts.ts';
import { attachedOutput } from './attached_output.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listening.ts';

/** Oncue with the sound device of the agent's own machine. */
export class Device implements Listening {
  readonly output: voice.AudioOutput;

  constructor(port: ListeningPort) {
    const { clock, ear, plan } = port;
    const listener = new LocalDevice({
      clock,
      sampleRateHz: SAMPLE_RATE_HZ,
      outputLatencyMs: plan.pathMs ?? USUAL_PATH_MS,
      onRendered: ({ samples, soundsAtMs }) => ear.hear(samples, soundsAtMs),
    });
    this.output = attachedOutput(port, { listener, clock });
  }
}
