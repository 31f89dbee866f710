import { ReporterCore } from './reporter_core.ts';
import {
  LISTENER_PROCESSOR,
  type ListenerCommand,
  type ListenerProcessorOptions,
} from './reporter_mail.ts';

/**
 * Looks for known sounds in what comes in; its own output is silence, and keeps it running. The sound goes to the ear
 * beside it, so that nothing here can hurt it.
 */
class ListenerProcessor extends AudioWorkletProcessor {
  readonly #core: ReporterCore;
  #disposed = false;

  constructor(options: { readonly processorOptions?: unknown }) {
    super();
    this.#core = new ReporterCore(options.processorOptions as ListenerProcessorOptions);
    this.port.onmessage = ({ data }) => this.#obey(data as ListenerCommand);
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

  #obey(command: ListenerCommand): void {
    switch (command.type) {
      case 'seek':
        this.#core.seek(command);
        break;
      case 'cancel':
        this.#core.cancel(command.seekId);
        break;
      case 'dispose':
        this.#disposed = true;
        break;
    }
  }
}

registerProcessor(LISTENER_PROCESSOR, ListenerProcessor);
