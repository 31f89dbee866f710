import type { voice } from '@livekit/agents';
import { Ear } from './ear.ts';
import { RecorderIO, type RecorderTrack, Track } from './livekit_parts.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

/** LiveKit's recorder of a session, with its real code up to the encoder: which sound it puts where. */
export class Recording {
  readonly #track: RecorderTrack;
  readonly #recorder: InstanceType<typeof RecorderIO>;

  constructor(session: voice.AgentSession) {
    this.#recorder = new RecorderIO({ agentSession: session, sampleRate: SAMPLE_RATE_HZ });
    this.#track = new Track(SAMPLE_RATE_HZ, Date.now());
  }

  /** Puts the recorder where a session puts it: before all other outputs. */
  around(output: voice.AudioOutput): voice.AudioOutput {
    const recorded = this.#recorder.recordOutput(output);
    this.#recorder.enqueue = (item) => {
      if (item.kind === 'captured') this.#track.push(item.startedAt, item.frame);
    };
    this.#recorder.started = true;
    return recorded;
  }

  /** What somebody hears who plays the recording. @param startedAtMs - when it began, on the run's clock. */
  played(startedAtMs: number, durationMs: number): Ear {
    const samples = this.#track.take(0, Math.ceil((durationMs * SAMPLE_RATE_HZ) / 1000));
    const ear = new Ear();
    ear.hear(
      Int16Array.from(samples, (sample) => Math.round(sample * 32_768)),
      startedAtMs,
    );
    return ear;
  }
}
