import type { JSX } from 'preact';
import { clockTime } from '../model/format.ts';
import type { Store } from '../store.ts';

interface Props {
  readonly store: Store;
  /** The instant at the playhead. */
  readonly headMs: number;
  readonly isPanned: boolean;
  readonly follow: () => void;
}

/** Controls to move through the trace: scrub, step, replay. */
export function Transport({ store, headMs, isPanned, follow }: Props): JSX.Element {
  const { startMs } = store.source;
  const canScrub = store.source.endMs > startMs;
  const endMs = store.isLive && canScrub ? liveEndMs(startMs, headMs) : store.source.endMs;
  const atMs = store.cursorMs ?? endMs;
  const digits = store.isLive ? 0 : 1;
  const isBehind = !store.isLive || isPanned;
  const replay = (): void => store.toggleReplay();
  const replayTip = 'Replay, without sound (Space)';
  const button = (name: string, tip: string, icon: string, onClick: () => void): JSX.Element => (
    <button
      type="button"
      class="quiet icon"
      disabled={!canScrub}
      aria-label={name}
      title={tip}
      onClick={onClick}
    >
      <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
        <path d={icon} fill="currentColor" />
      </svg>
    </button>
  );
  return (
    <fieldset class="transport">
      <legend class="unseen">Replay</legend>
      {button('Step back', 'Step back (,)', 'M6 5h2.4v14H6zM19 5v14L9.5 12z', () => store.step(-1))}
      {store.isReplaying
        ? button('Pause the replay', replayTip, 'M6.5 5h3.6v14H6.5zM13.9 5h3.6v14h-3.6z', replay)
        : button('Replay', replayTip, 'M7 4.5v15l12-7.5z', replay)}
      {button('Step forward', 'Step forward (.)', 'M15.6 5H18v14h-2.4zM5 5v14l9.5-7z', () =>
        store.step(1),
      )}
      <input
        type="range"
        aria-label="Time"
        aria-valuetext={clockTime(atMs - startMs, 1)}
        min={0}
        max={Math.max(1, Math.round(endMs - startMs))}
        value={Math.round(atMs - startMs)}
        style={{ '--played': `${((atMs - startMs) / Math.max(1, endMs - startMs)) * 100}%` }}
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

/**
 * The end of a live run is the instant at the playhead, and not the last line of the trace: the two would differ while
 * nothing happens. Rounded down to a second, because the slider is expensive to draw.
 */
function liveEndMs(startMs: number, headMs: number): number {
  return startMs + Math.floor(Math.max(0, headMs - startMs) / 1000) * 1000;
}
