import type {
  CaptionEvents,
  HeardPosition,
  HeardResponse,
  ReachedMark,
} from '@oncue/browser/captions';
import { Window } from 'happy-dom';
import type { Room } from 'livekit-client';
import { act, createElement, type ReactNode, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { type Attach, RoomStore } from '../../src/room_store.ts';
import { StoreContext } from '../../src/store_context.ts';

type Listener = (value: never) => void;

/** Puts a page into this process, with animation frames that a test runs. @returns What takes it out again. */
export function openWindow(): () => void {
  const window = new Window();
  const globals: Record<string, unknown> = {
    window,
    document: window.document,
    IS_REACT_ACT_ENVIRONMENT: true,
    requestAnimationFrame: (run: () => void) => {
      frames.push(run);
      return frames.length;
    },
    cancelAnimationFrame: (id: number) => {
      frames[id - 1] = undefined;
    },
  };
  const before = Object.getOwnPropertyDescriptors(globalThis);
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    for (const name of Object.keys(globals)) {
      const known = before[name as keyof typeof before];
      if (known) Object.defineProperty(globalThis, name, known);
      else Reflect.deleteProperty(globalThis, name);
    }
    frames = [];
    window.close();
  };
}

let frames: ((() => void) | undefined)[] = [];

/** Runs the animation frames that are asked for. @returns How many there were. */
export function runFrames(): Promise<number> {
  return act(async () => {
    const due = frames.splice(0).filter((run) => run !== undefined);
    for (const run of due) run();
    return due.length;
  });
}

const WORDS = ['One', ' two', ' three.'];

/**
 * A response, one word a second at 1000 Hz, of which some were heard.
 *
 * @param spaced Its words, each with the white space before it.
 */
export function responseOf(
  heardWords: number,
  status: HeardResponse['status'] = 'playing',
  id = 'r1',
  spaced: readonly string[] = WORDS,
): HeardResponse {
  const heardText = spaced.slice(0, heardWords).join('');
  let end = 0;
  const words = spaced.map((one, place) => {
    end += one.length;
    const start = end - one.trimStart().length;
    return { start, end, endSamples: (place + 1) * 1000, isEstimated: false };
  });
  return {
    id,
    status,
    text: spaced.join(''),
    isTextComplete: true,
    words,
    heardWords,
    heardText,
    passed: heardText === '' ? [] : [{ at: 0, text: heardText, isHeard: true }],
    isMuted: false,
  };
}

/** Captions that say what the test wants, and count who follows them. */
export class FakeAttachment {
  readonly #listeners = new Map<string, Set<Listener>>();
  responses: readonly HeardResponse[] = [];
  agentState: 'speaking' | 'listening' | undefined;
  position: HeardPosition | undefined;
  reporterState = 'listening';
  attachCount = 0;
  closeCount = 0;
  startCount = 0;

  readonly attach: Attach = () => {
    this.attachCount += 1;
    const self = this;
    const on = (type: string, listener: Listener) => this.#on(type, listener);
    const reporter = {
      get state() {
        return self.reporterState;
      },
      on: (type: string, listener: Listener) => this.#on(`reporter ${type}`, listener),
      start: async () => {
        this.startCount += 1;
      },
      close: () => {
        this.closeCount += 1;
      },
    };
    const captions = {
      get responses() {
        return self.responses;
      },
      get agentState() {
        return self.agentState;
      },
      playhead: () => this.position,
      on,
      subscribe: (listener: Listener) => this.#on('changed', listener),
      close: () => this.#listeners.clear(),
    };
    const followMarks = (listener: Listener) => this.#on('mark', listener);
    return { reporter, captions, followMarks } as unknown as ReturnType<Attach>;
  };

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Changes what is known, and tells those who follow. */
  change(change: () => void): Promise<void> {
    return act(async () => {
      change();
      this.#emit('changed', undefined);
    });
  }

  emit<T extends keyof CaptionEvents>(type: T, value: Parameters<CaptionEvents[T]>[0]): void {
    this.#emit(type, value);
  }

  reach(mark: ReachedMark): void {
    this.#emit('mark', mark);
  }

  setReporterState(state: string): Promise<void> {
    this.reporterState = state;
    return act(async () => this.#emit('reporter state', state));
  }

  emitError(error: Error): Promise<void> {
    return act(async () => this.#emit('reporter error', error));
  }

  #emit(type: string, value: unknown): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(value as never);
  }

  #on(type: string, listener: Listener): () => void {
    const known = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, known.add(listener));
    return () => {
      known.delete(listener);
    };
  }
}

/** A component tree in a page, below the store of a room that is attached to. */
export class Stage {
  readonly fake = new FakeAttachment();
  readonly store: RoomStore = new RoomStore({} as Room, this.fake.attach);
  readonly element: HTMLElement = document.createElement('div');
  readonly #root: Root = createRoot(this.element);
  readonly #release: () => void;

  constructor() {
    this.#release = this.store.use({});
  }

  get text(): string {
    return this.element.textContent ?? '';
  }

  show(component: () => ReactNode): Promise<void> {
    const below = createElement(
      StoreContext.Provider,
      { value: this.store },
      createElement(component),
    );
    return act(async () => this.#root.render(createElement(StrictMode, null, below)));
  }

  async close(): Promise<void> {
    await act(async () => this.#root.unmount());
    this.#release();
    await Promise.resolve();
  }
}
