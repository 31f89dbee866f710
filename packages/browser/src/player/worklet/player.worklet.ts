import {
  PLAYER_PROCESSOR,
  type PlayerProcessorOptions,
  type WorkletCommand,
} from './player_commands.ts';
import { PlayerCore } from './player_core.ts';

/**
 * Plays the samples and obeys the commands that arrive at its port, and answers each command with the mailbox. A port that
 * arrives is served in the same way, so that a worker can reach the worklet without the page.
 */
class PlayerProcessor extends AudioWorkletProcessor {
  readonly #core: PlayerCore;
  #disposed = false;

  constructor(options: { readonly processorOptions?: unknown }) {
    super();
    this.#core = new PlayerCore(options.processorOptions as PlayerProcessorOptions);
    this.#serve(this.port);
  }

  /** Allocates nothing: a pause of the garbage collector here would be heard. */
  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const block = outputs[0]?.[0];
    if (block) this.#core.render(block, currentFrame);
    return !this.#disposed;
  }

  #serve(port: WorkletPort): void {
    port.onmessage = ({ data }) => {
      if (data instanceof Int16Array) this.#core.write(data);
      else if (data instanceof MessagePort) this.#serve(data);
      else {
        this.#obey(data as WorkletCommand);
        // Every command is answered, so that the sender knows what had been rendered when it took effect.
        // The port copies the array.
        port.postMessage(this.#core.mailbox);
      }
    };
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
  }
}

registerProcessor(PLAYER_PROCESSOR, PlayerProcessor);
