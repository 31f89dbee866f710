import { useEffect } from 'preact/hooks';
import { closePopover } from './panels/popover.tsx';
import type { Store } from './store.ts';
import { saveTrace } from './trace_files.ts';

/** The action of each key. The buttons show their keys. */
const ACTIONS: Readonly<Record<string, (store: Store) => void>> = {
  '/': () => document.getElementById('ask')?.focus(),
  ',': (store) => store.step(-1),
  '.': (store) => store.step(1),
  ' ': (store) => store.toggleReplay(),
  d: () => click('theme'),
  f: (store) => store.goLive(),
  l: (store) => toggleListening(store),
  m: (store) => void store.audio.toggleMic(),
  o: () => click('open-trace'),
  u: (store) => store.audio.toggleMuted(),
  s: (store) => void saveTrace(store),
  '?': () => click('keys'),
};

/** They act on the live run, so they do nothing while a saved trace is shown. */
const LIVE_ONLY: readonly string[] = ['/', 'l', 'm', 'u', 's'];

/** Handles keys everywhere but in a text field. */
export function useShortcuts(store: Store): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') closeOrInterrupt(store);
      else if (actOn(event, store)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [store]);
}

/** Esc closes what is open, and interrupts only if nothing is. */
function closeOrInterrupt(store: Store): void {
  if (!closePopover() && !store.file) store.interrupt();
}

/** @returns Whether the key has an action. */
function actOn({ key, target }: KeyboardEvent, store: Store): boolean {
  if (target instanceof HTMLInputElement && target.type === 'text') return false;
  // The space bar clicks a focused button.
  if (key === ' ' && target instanceof Element && target.closest('button, summary, input'))
    return false;
  if (store.file && LIVE_ONLY.includes(key)) return false;
  const scenario = store.file ? undefined : store.info?.scenarios[Number(key) - 1];
  if (scenario && key !== ' ') {
    store.playScenario(scenario.name);
    return true;
  }
  const action = ACTIONS[key];
  action?.(store);
  return action !== undefined;
}

function toggleListening(store: Store): void {
  if (store.audio.status.player === 'listening') store.audio.stopListening();
  else store.audio.listen();
}

function click(action: string): void {
  document.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click();
}
