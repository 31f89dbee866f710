import type { RemoteAudioTrack } from 'livekit-client';

/**
 * -80 dB: inaudible, but not 0, so that a volume of 0 set by the application is seen as a change. An audible element would be
 * an echo, because it plays about 20 ms ahead of the graph.
 */
const HUSHED = 0.0001;

/**
 * Keeps the elements of a track silent while a graph plays it. When the application sets the volume of an element or mutes
 * it, that applies to the graph.
 */
export class ElementVolumes {
  readonly #track: RemoteAudioTrack;
  readonly #changed: () => void;
  /** The volume that the application wants, by element. */
  readonly #wished = new Map<HTMLMediaElement, number>();
  #isHushing = false;

  /** @param changed Called when the application wants another volume. */
  constructor(track: RemoteAudioTrack, changed: () => void) {
    this.#track = track;
    this.#changed = changed;
    for (const element of track.attachedElements) this.#add(element);
    track.on('elementAttached', this.#attached);
    track.on('elementDetached', this.#detached);
  }

  /** The volume that the application wants, from 0 to 1: that of the loudest element, 0 without elements. */
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
    this.#isHushing = isHushing;
    for (const [element, volume] of this.#wished) {
      if (isHushing) this.#hush(element);
      else this.#restore(element, volume);
    }
  }

  close(): void {
    this.#track.off('elementAttached', this.#attached);
    this.#track.off('elementDetached', this.#detached);
    for (const element of [...this.#wished.keys()]) this.#remove(element);
  }

  readonly #attached = (element: HTMLMediaElement): void => {
    this.#add(element);
    this.#changed();
  };

  readonly #detached = (element: HTMLMediaElement): void => {
    this.#remove(element);
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
    const volume = this.#wished.get(element);
    this.#wished.delete(element);
    element.removeEventListener('volumechange', this.#volumeChanged);
    if (this.#isHushing && volume !== undefined) this.#restore(element, volume);
  }

  #hush(element: HTMLMediaElement): void {
    if (element.volume !== 0 && !isHushed(element)) element.volume = HUSHED;
    // On an iPhone a page cannot set the volume. There the element is muted, and muting by the application is not noticed.
    if (this.#isMutedByUs(element) && !element.muted) element.muted = true;
  }

  #restore(element: HTMLMediaElement, volume: number): void {
    if (ignoresVolume(element)) element.muted = false;
    else element.volume = volume;
  }

  #isMutedByUs(element: HTMLMediaElement): boolean {
    return this.#isHushing && ignoresVolume(element);
  }
}

/** The browser ignored the volume that was set. Only meaningful while hushed. */
function ignoresVolume(element: HTMLMediaElement): boolean {
  return element.volume > HUSHED * 2;
}

function isHushed(element: HTMLMediaElement): boolean {
  return Math.abs(element.volume - HUSHED) < HUSHED / 2;
}
