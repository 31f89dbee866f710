import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { MAX_ASK_CHARS } from '../../src/protocol/control_messages.ts';
import type { Store } from '../store.ts';
import { MicButton } from './mic_button.tsx';

/** The controls to listen, ask, interrupt and speak. */
export function Controls({ store }: { readonly store: Store }): JSX.Element {
  return (
    <section class="controls" aria-label="Talk to the agent">
      <ListenButton store={store} />
      <MuteButton store={store} />
      <AskBox store={store} />
      <button
        type="button"
        class="stop"
        disabled={!store.canAsk}
        onClick={() => store.interrupt()}
        aria-keyshortcuts="Escape"
      >
        Interrupt <kbd>Esc</kbd>
      </button>
      <MicButton store={store} />
      <Scenarios store={store} />
    </section>
  );
}

/** The text of the listen button in each state of the player, and whether it can be clicked. */
const LISTEN_WORDS = {
  idle: ['Start listening', true],
  connecting: ['Connecting…', false],
  blocked: ['Allow sound', true],
  listening: ['Listening', true],
  away: ['Sound is paused', true],
  replaced: ['Listen here again', true],
  closed: ['Start listening', true],
} as const;

function ListenButton({ store }: { readonly store: Store }): JSX.Element {
  const { player } = store.audio.status;
  const [words, isClickable] = LISTEN_WORDS[player];
  const isOn = player === 'listening';
  return (
    <button
      type="button"
      class={isOn ? 'listen on' : 'listen'}
      aria-pressed={isOn}
      aria-keyshortcuts="l"
      disabled={!isClickable}
      title={isOn ? 'Stop listening (L)' : 'Hear the agent in this page (L)'}
      onClick={() => (isOn ? store.audio.stopListening() : store.audio.listen())}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 9.5v5h3.5L12 19V5L7.5 9.5z" />
        {isOn && <path class="waves" d="M15 9c1.6 1.8 1.6 4.2 0 6M17.6 6.6c3 3.2 3 7.6 0 10.8" />}
      </svg>
      {words} <kbd>L</kbd>
    </button>
  );
}

function MuteButton({ store }: { readonly store: Store }): JSX.Element | null {
  const { isMuted, player } = store.audio.status;
  if (isMuted === undefined || player !== 'listening') return null;
  return (
    <button
      type="button"
      class={isMuted ? 'mute on' : 'mute'}
      aria-pressed={isMuted}
      aria-keyshortcuts="u"
      title="Mute the agent in this page: it plays on, and nothing of it counts as heard (U)"
      onClick={() => store.audio.toggleMuted()}
    >
      {isMuted ? 'Muted' : 'Mute'} <kbd>U</kbd>
    </button>
  );
}

function AskBox({ store }: { readonly store: Store }): JSX.Element {
  const [text, setText] = useState('');
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        // What cannot be asked now stays in the box.
        if (text.trim() === '' || !store.canAsk) return;
        store.ask(text.trim());
        setText('');
      }}
    >
      <label class="unseen" for="ask">
        Ask the agent
      </label>
      <input
        id="ask"
        type="text"
        value={text}
        maxLength={MAX_ASK_CHARS}
        autocomplete="off"
        placeholder="Ask the agent something…"
        dir="auto"
        aria-keyshortcuts="/"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" disabled={text.trim() === '' || !store.canAsk}>
        Ask
      </button>
    </form>
  );
}

function Scenarios({ store }: { readonly store: Store }): JSX.Element | null {
  const scenarios = store.info?.scenarios ?? [];
  if (scenarios.length === 0) return null;
  // On a phone the row scrolls. While its buttons are disabled, only the row itself can take the keys that scroll it.
  const tabIndex = store.canAsk ? undefined : 0;
  return (
    <fieldset class="scenarios" tabIndex={tabIndex}>
      <legend class="unseen">Scenarios</legend>
      {scenarios.map(({ name, title, ask }, index) => (
        <button
          type="button"
          key={name}
          class="scenario"
          disabled={!store.canAsk}
          title={`Asks: “${ask}”`}
          aria-keyshortcuts={String(index + 1)}
          onClick={() => store.playScenario(name)}
        >
          <kbd>{index + 1}</kbd> {title}
        </button>
      ))}
    </fieldset>
  );
}
