import type { JSX } from 'preact';
import type { Store } from '../store.ts';

/** In place of the controls while a saved trace is shown: nothing of it can be asked or interrupted. */
export function FileBar({ store }: { readonly store: Store }): JSX.Element {
  return (
    <section class="file-bar" aria-label="Saved trace">
      <p>
        <strong>{store.file?.name}</strong> is a saved trace. Replay it below; the run goes on.
      </p>
      <button type="button" onClick={() => store.goLive()} aria-keyshortcuts="f">
        Back to live <kbd>F</kbd>
      </button>
    </section>
  );
}
