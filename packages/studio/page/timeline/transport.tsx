import type { JSX } from 'preact';
import { clockTime } from '../model/format.ts';
import type { Store } from '../store.ts';

interface Props {
  readonly store: Store;
  readonly isPanned: boolean;
  readonly follow: () => void;
}

/** Controls to move through the trace: scrub, step, replay. */
export function Transport({ store, isPanned, follow }: Props): JSX.Element {
  const { startMs } = store.source;
  const endMs = shownEndMs(store);
  const atMs = store.cursorMs ?? endMs;
  const canScrub = endMs > startMs;
  const digits = store.isLive ? 0 : 1;
  const isBehind = !store.isLive || isPanned;
  return (
    <fieldset class="transport">
      <legend class="unseen">Replay</legend>
      <button
        type="button"
        class="quiet icon"
        disabled={!canScrub}
        aria-label="Step back"
        title="Step back (,)"
        onClick={() => store.step(-1)}
      >
        <Icon path="M6 5h2.4v14H6zM19 5v14L9.5 12z" />
      </button>
      <button
        type="button"
        class="quiet icon"
        disabled={!canScrub}
        aria-label={store.isReplaying ? 'Pause the replay' : 'Replay'}
        title="Replay, without sound (Space)"
        onClick={() => store.toggleReplay()}
      >
        <Icon
          path={store.isReplaying ? 'M6.5 5h3.6v14H6.5zM13.9 5h3.6v14h-3.6z' : 'M7 4.5v15l12-7.5z'}
        />
      </button>
      <button
        type="button"
        class="quiet icon"
        disabled={!canScrub}
        aria-label="Step forward"
        title="Step forward (.)"
        onClick={() => store.step(1)}
      >
        <Icon path="M15.6 5H18v14h-2.4zM5 5v14l9.5-7z" />
      </button>
      <input
        type="range"
        aria-label="Time"
        aria-valuetext={clockTime(atMs - startMs, 1)}
        min={0}
        max={Math.max(1, Math.round(endMs - startMs))}
        value={Math.round(atMs - startMs)}
        disabled={!canScrub}
        onInput={(event) => {
          store.isReplaying = false;
          store.seek(startMs + event.currentTarget.valueAsNumber);
        }}
      />
      <output>
        {clockTime(atMs - startMs, digits)} <span>/ {clockTime(endMs - startMs, digits)}</span>
      </output>
      {!store.file && (
        <button
          type="button"
          class={isBehind ? 'live-button' : 'live-button on'}
          aria-pressed={!isBehind}
          title="Follow the run (F)"
          onClick={() => {
            follow();
            store.goLive();
          }}
        >
          Live
        </button>
      )}
    </fieldset>
  );
}

/** The end of the trace. For a live run, rounded down to a second, because the slider is expensive to draw. */
function shownEndMs({ isLive, source }: Store): number {
  const { startMs, endMs } = source;
  return isLive ? endMs - ((endMs - startMs) % 1000) : endMs;
}

function Icon({ path }: { readonly path: string }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}
