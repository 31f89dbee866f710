/** Events in the life of a page. */
export interface PageLifeEvents {
  /** The user leaves the page, or the browser freezes it in the background. */
  readonly gone: () => void;
  /** The page is back: from the history, or no longer frozen. */
  readonly back: () => void;
  /** The page is visible again. */
  readonly shown: () => void;
}

/** Follows the life of the page until `signal` is aborted. */
export function followPage({ gone, back, shown }: PageLifeEvents, signal: AbortSignal): void {
  const options = { signal };
  window.addEventListener('pagehide', gone, options);
  window.addEventListener('pageshow', back, options);
  document.addEventListener('freeze', gone, options);
  document.addEventListener('resume', back, options);
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') shown();
    },
    options,
  );
}
