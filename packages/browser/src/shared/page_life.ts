/** What becomes of a page as a whole. */
export interface PageLifeEvents {
  /** It is being left, or frozen in the background. */
  readonly gone: () => void;
  /** It is back, from the history or from being frozen. */
  readonly back: () => void;
  /** It is looked at again. */
  readonly shown: () => void;
}

/** Follows the page's life. @returns A function that ceases to. */
export function followPage(events: PageLifeEvents): () => void {
  const shown = (): void => {
    if (document.visibilityState === 'visible') events.shown();
  };
  window.addEventListener('pagehide', events.gone);
  window.addEventListener('pageshow', events.back);
  document.addEventListener('freeze', events.gone);
  document.addEventListener('resume', events.back);
  document.addEventListener('visibilitychange', shown);
  return () => {
    window.removeEventListener('pagehide', events.gone);
    window.removeEventListener('pageshow', events.back);
    document.removeEventListener('freeze', events.gone);
    document.removeEventListener('resume', events.back);
    document.removeEventListener('visibilitychange', shown);
  };
}
