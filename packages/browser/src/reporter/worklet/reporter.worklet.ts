import { SPEECH_BAND_HZ, speechBandKernel } from '@oncue/core/wire';
import { REPORTER_PROCESSOR, type ReporterCommand } from './reporter_commands.ts';
import { ReporterCore } from './reporter_core.ts';

/**
 * Searches its input for known sounds. Its output is silence, which keeps the node running. The agent's audio does not
 * pass through it, so an error here cannot distort playback.
 */
class ReporterProcessor extends AudioWorkletProcessor {
  readonly #core: ReporterCore;
  #disposed = false;

  constructor() {
    super();
    this.#core = new ReporterCore({
      kernel: speechBandKernel(sampleRate),
      framesPerBandSample: sampleRate / SPEECH_BAND_HZ,
    });
    this.port.onmessage = ({ data }) => this.#obey(data as ReporterCommand);
  }

  process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
  ): boolean {
    const frames = outputs[0]?.[0]?.length ?? 128;
    // The port copies the mail.
    if (this.#core.render(inputs[0]?.[0], frames, currentFrame))
      this.port.postMessage(this.#core.mail);
    return !this.#disposed;
  }

  #obey(command: ReporterCommand): void {
    switch (command.type) {
      case 'search':
        this.#core.search(command);
        break;
      case 'cancel':
        this.#core.cancel(command.searchId);
        break;
      case 'dispose':
        this.#disposed = true;
        break;
    }
  }
}

registerProcessor(REPORTER_PROCESSOR, ReporterProcessor);
