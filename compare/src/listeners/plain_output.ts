import type { voice } from '@livekit/agents';
import { FakeSource } from '../fakes/fake_source.ts';
import { stockOutput } from '../fakes/livekit_parts.ts';
import { SAMPLE_RATE_HZ } from '../fakes/words_tts.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listening.ts';

/** As in LiveKit's own output. */
const QUEUE_MS = 200;

/** LiveKit's own room output. It plays from the first subscription on. */
export class PlainOutput implements Listening {
  readonly output: voice.AudioOutput;
  readonly #subscribed: () => void;

  constructor({ clock, ear, plan }: Pick<ListeningPort, 'clock' | 'ear' | 'plan'>) {
    const { pathMs = USUAL_PATH_MS } = plan;
    const source = new FakeSource({
      clock,
      queueMs: QUEUE_MS,
      leaves: (block) => ear.hear(block, clock.nowMs() + pathMs),
    });
    const { output, subscribed } = stockOutput(source, SAMPLE_RATE_HZ, QUEUE_MS);
    this.output = output;
    this.#subscribed = subscribed;
  }

  comes(): void {
    this.#subscribed();
  }
}
