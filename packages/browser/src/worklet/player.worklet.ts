import { PLAYER_PROCESSOR, type PlayerProcessorOptions, type WorkletCommand } from './mailbox.ts';
import { PlayerCore } from './player_core.ts';

/** Plays what the page writes. Its port takes samples and commands; see `mailbox.ts` for what it answers. */
class PlayerProcessor extends AudioWorkletProcessor {
  readonly #core: PlayerCore;
  #disposed = false;

  constructor(options: { readonly processorOptions?: unknown }) {
    super();
    this.#core = new PlayerCore(options.processorOptions as PlayerProcessorOptions);
    this.port.onmessage = ({ data }) => {
      if (data instanceof Int16Array) this.#core.write(data);
      else this.#obey(data as WorkletCommand);
    };
  }

  /** Allocates nothing: a pause of the garbage collector here would be heard. */
  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const block = outputs[0]?.[0];
    if (block) this.#core.render(block, currentFrame);
    return !this.#disposed;
  }

  #obey(command: WorkletCommand): void {
    switch (command) {
      case 'clear':
        this.#core.clear();
        break;
      case 'pause':
        this.#core.pause();
        break;
      case 'resume':
        this.#core.resume();
        break;
      case 'dispose':
        this.#disposed = true;
        break;
      case 'read':
        break;
    }
    // Every command is answered, so that the page knows what had been rendered when it took effect.
    // The port copies the array.
    this.port.postMessage(this.#core.mailbox);
  }
}

registerProcessor(PLAYER_PROCESSOR, PlayerProcessor);
