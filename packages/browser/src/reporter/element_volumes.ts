import type { RemoteAudioTrack } from 'livekit-client';

/**
 * -80 dB: nobody hears it, and it is not 0, so that the application's own 0 is seen as a change. The element of an agent
 * plays some 20 ms ahead of the graph, and would be an echo.
 */
const HUSHED = 0.0001;

/**
 * Keeps the elements of a track silent while a graph plays it, and tells the graph how loud the application wants it: a
 * volume that is set on an element, or muting it, holds for the graph.
 */
export class ElementVolumes {
  readonly #track: RemoteAudioTrack;
  readonly #changed: () => void;
  /** What the application wants, by element. */
  readonly #wished = new Map<HTMLMediaElement, number>();
  #isHushing = false;

  /** @param changed Called when another volume is wanted. */
  constructor(track: RemoteAudioTrack, changed: () => void) {
    this.#track = track;
    this.#changed = changed;
    for (const element of track.attachedElements) this.#add(element);
    track.on('elementAttached', this.#attached);
    track.on('elementDetached', this.#detached);
  }

  /** As loud as the loudest element was to be; 0 with none. */
  get volume(): number {
    let loudest = 0;
    for (const [element, volume] of this.#wished)
      if (!element.muted || this.#isMutedByUs(element)) loudest = Math.max(loudest, volume);
    return loudest;
  }

  get hasElements(): boolean {
    return this.#wished.size > 0;
  }

  /** Silences the elements, or lets them play again. */
  hush(isHushing: boolean): void {
    if (isHushing === this.#isHushing) return;
    this.#isHushing = isHushing;
    for (const [element, volume] of this.#wished) {
      if (isHushing) this.#hush(element);
      else this.#restore(element, volume);
    }
  }

  close(): void {
    this.hush(false);
    this.#track.off('elementAttached', this.#attached);
    this.#track.off('elementDetached', this.#detached);
    for (const element of [...this.#wished.keys()]) this.#remove(element);
  }

  readonly #attached = (element: HTMLMediaElement): void => {
    this.#add(element);
    this.#changed();
  };

  readonly #detached = (element: HTMLMediaElement): void => {
    const volume = this.#wished.get(element);
    this.#remove(element);
    if (this.#isHushing && volume !== undefined) this.#restore(element, volume);
    this.#changed();
  };

  readonly #volumeChanged = (event: Event): void => {
    const element = event.currentTarget as HTMLMediaElement;
    if (!isHushed(element)) this.#wished.set(element, element.volume);
    if (this.#isHushing) this.#hush(element);
    this.#changed();
  };

  #add(element: HTMLMediaElement): void {
    if (this.#wished.has(element)) return;
    this.#wished.set(element, element.volume);
    element.addEventListener('volumechange', this.#volumeChanged);
    if (this.#isHushing) this.#hush(element);
  }

  #remove(element: HTMLMediaElement): void {
    this.#wished.delete(element);
    element.removeEventListener('volumechange', this.#volumeChanged);
  }

  #hush(element: HTMLMediaElement): void {
    if (element.volume !== 0 && !isHushed(element)) element.volume = HUSHED;
    // Where a page may not set the volume, as on an iPhone, the element is muted, and the application's own muting unseen.
    if (this.#isMutedByUs(element) && !element.muted) element.muted = true;
  }

  #restore(element: HTMLMediaElement, volume: number): void {
    if (isUnyielding(element)) element.muted = false;
    else element.volume = volume;
  }

  #isMutedByUs(element: HTMLMediaElement): boolean {
    return this.#isHushing && isUnyielding(element);
  }
}

/** Its volume was set, and is not what it was set to. */
function isUnyielding(element: HTMLMediaElement): boolean {
  return element.volume > HUSHED * 2;
}

function isHushed(element: HTMLMediaElement): boolean {
  return Math.abs(element.volume - HUSHED) < HUSHED / 2;
}
