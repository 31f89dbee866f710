import {
  type AgentHeardState,
  type CaptionEvents,
  type CaptionOptions,
  type Captions,
  followCaptions,
  followMarks,
  type HeardResponse,
  type ReachedMark,
} from '@oncue/browser/captions';
import {
  AudioError,
  attachReporter,
  type HeardPosition,
  type Reporter,
  type ReporterOptions,
  type ReporterState,
} from '@oncue/browser/reporter';
import type { Room } from 'livekit-client';

/** What a store attaches with. The options of the first user of a room count. */
export interface StoreOptions extends ReporterOptions, CaptionOptions {}

/** On a server, and before the room is followed. */
export const NO_RESPONSES: readonly HeardResponse[] = [];

/** Attaches a reporter and captions to a room. @throws What `attachReporter` throws. */
export type Attach = (
  room: Room,
  options: StoreOptions,
) => {
  readonly reporter: Reporter;
  readonly captions: Captions;
  /** @returns A function that ends it. */
  readonly followMarks: (listener: (mark: ReachedMark) => void) => () => void;
};

function attachToRoom(room: Room, options: StoreOptions): ReturnType<Attach> {
  const reporter = attachReporter(room, options);
  return {
    reporter,
    captions: followCaptions(room, reporter, options),
    followMarks: (listener) => followMarks(room, reporter, listener, options),
  };
}

interface Binding {
  readonly type: keyof CaptionEvents;
  readonly listener: CaptionEvents[keyof CaptionEvents];
  off: (() => void) | undefined;
}

/**
 * One reporter and its captions for a room, however many components use them. It is attached while somebody uses it; on a
 * server nobody does, since effects do not run there.
 */
export class RoomStore {
  readonly #room: Room;
  readonly #attachTo: Attach;
  readonly #listeners = new Set<() => void>();
  readonly #bindings = new Set<Binding>();
  readonly #markListeners = new Set<(mark: ReachedMark) => void>();
  #stopMarks: (() => void) | undefined;
  #reporter: Reporter | undefined;
  #captions: Captions | undefined;
  #error: AudioError | undefined;
  #userCount = 0;

  constructor(room: Room, attachTo: Attach = attachToRoom) {
    this.#room = room;
    this.#attachTo = attachTo;
  }

  get responses(): readonly HeardResponse[] {
    return this.#captions?.responses ?? NO_RESPONSES;
  }

  get agentState(): AgentHeardState | undefined {
    return this.#captions?.agentState;
  }

  get reporterState(): ReporterState {
    return this.#reporter?.state ?? 'waiting';
  }

  /** The latest error of the reporter, until it is over. */
  get error(): AudioError | undefined {
    return this.#error;
  }

  playhead(): HeardPosition | undefined {
    return this.#captions?.playhead();
  }

  async start(): Promise<void> {
    await this.#reporter?.start();
  }

  /** Attaches to the room, if nobody has. @returns A function that says that it is used no longer. */
  use(options: StoreOptions): () => void {
    this.#userCount += 1;
    if (!this.#reporter) this.#attach(options);
    return () => {
      this.#userCount -= 1;
      // React's StrictMode unmounts and mounts again at once: that must not close an audio context.
      queueMicrotask(() => {
        if (this.#userCount === 0) this.#detach();
      });
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** As `on` of captions, also before the room is followed. */
  on<T extends keyof CaptionEvents>(type: T, listener: CaptionEvents[T]): () => void {
    const binding: Binding = { type, listener, off: undefined };
    this.#bindings.add(binding);
    this.#bind(binding);
    return () => {
      this.#bindings.delete(binding);
      binding.off?.();
    };
  }

  /** Called for each mark that is reached. @returns A function that removes the handler. */
  onMark(listener: (mark: ReachedMark) => void): () => void {
    this.#markListeners.add(listener);
    return () => {
      this.#markListeners.delete(listener);
    };
  }

  #attach(options: StoreOptions): void {
    try {
      const { reporter, captions, followMarks } = this.#attachTo(this.#room, options);
      this.#reporter = reporter;
      this.#captions = captions;
      this.#error = undefined;
      this.#stopMarks = followMarks((mark) => {
        for (const listener of [...this.#markListeners]) listener(mark);
      });
    } catch (cause) {
      // Without it the application goes on: LiveKit plays the agent as if Oncue were not there.
      this.#error = audioErrorOf(cause);
      this.#notify();
      return;
    }
    this.#reporter.on('state', (state) => {
      // The device has started after all. What the other errors say goes on while the page listens.
      if (state === 'listening' && this.#error?.code === 'device_not_started')
        this.#error = undefined;
      this.#notify();
    });
    this.#reporter.on('error', (error) => {
      this.#error = error;
      this.#notify();
    });
    this.#captions.subscribe(this.#notify);
    for (const binding of this.#bindings) this.#bind(binding);
    this.#notify();
  }

  #detach(): void {
    this.#stopMarks?.();
    this.#captions?.close();
    this.#reporter?.close();
    this.#captions = undefined;
    this.#reporter = undefined;
    this.#error = undefined;
    for (const binding of this.#bindings) binding.off = undefined;
    this.#notify();
  }

  #bind(binding: Binding): void {
    binding.off = this.#captions?.on(binding.type, binding.listener as never);
  }

  readonly #notify = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}

function audioErrorOf(cause: unknown): AudioError {
  if (cause instanceof AudioError) return cause;
  return new AudioError('no_output', 'this browser plays no audio at 48 kHz', cause);
}

const stores = new WeakMap<Room, RoomStore>();

/** The store of a room: always the same. */
export function storeOf(room: Room): RoomStore {
  const known = stores.get(room);
  if (known) return known;
  const store = new RoomStore(room);
  stores.set(room, store);
  return store;
}
