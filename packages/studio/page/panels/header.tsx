import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Capability } from '../../src/protocol/control_messages.ts';
import { INAUDIBLE_WORDS } from '../model/response_words.ts';
import type { TraceModel } from '../model/trace_model.ts';
import type { Store } from '../store.ts';
import { applyTheme, isDark, savedTheme } from '../theme.ts';
import { readTraceFile, saveTrace } from '../trace_files.ts';
import { KeysHelp } from './keys_help.tsx';
import { PART_NAMES } from './part_names.ts';
import { Popover } from './popover.tsx';

interface HeaderProps {
  readonly store: Store;
  readonly model: TraceModel;
}

/** The agent's name and state, its parts, and the actions on the trace. */
export function Header({ store, model }: HeaderProps): JSX.Element {
  return (
    <header class="header">
      <h1>
        <img src="/assets/icon.svg" alt="" width="26" height="26" />
        Oncue <span class="light">studio</span>
      </h1>
      <p class="agent-name" title="The running agent">
        {store.file ? '' : (store.info?.agentName ?? '…')}
      </p>
      <StateChip store={store} model={model} />
      {!store.file && <Parts capabilities={store.info?.capabilities ?? []} />}
      <TraceButtons store={store} />
      <KeysHelp />
      <ThemeButton store={store} />
    </header>
  );
}

function StateChip({ store, model }: HeaderProps): JSX.Element {
  const state = stateNow(store, model);
  const unheard = state === 'speaking' ? unheardNow(model) : undefined;
  return (
    <p
      class={`chip state-${state.replaceAll(' ', '-')}${unheard ? ' is-unheard' : ''}`}
      role="status"
    >
      <i aria-hidden="true" />
      {unheard ? `${state}, ${unheard}` : state}
    </p>
  );
}

function stateNow(store: Store, model: TraceModel): string {
  if (!store.file && !store.isOpen) return 'no connection';
  const { error } = store.info ?? {};
  if (!store.file && error && error.phase !== 'run') return 'error';
  return model.states.at(-1)?.state ?? 'starting';
}

/** Why nobody hears what the agent says now. */
function unheardNow({ inaudible }: TraceModel): string | undefined {
  const last = inaudible.at(-1);
  return last && last.endMs === undefined ? INAUDIBLE_WORDS[last.why] : undefined;
}

function Parts({ capabilities }: { readonly capabilities: readonly Capability[] }): JSX.Element {
  const missing = capabilities.filter(({ using }) => using === null).length;
  return (
    <Popover
      name="parts"
      title="Model, voice, recognition and voice activity detection in use"
      label={
        <>
          Parts
          {missing > 0 && (
            <span class="badge">
              {missing}
              <span class="wide"> missing</span>
            </span>
          )}
        </>
      }
    >
      <dl class="part-list">
        {capabilities.map(({ part, using, why, command }) => (
          <div key={part}>
            <dt>{PART_NAMES[part]}</dt>
            <dd>
              <strong>{using ?? 'not installed'}</strong>
              <span>{why}</span>
              {command !== undefined && <code>{command}</code>}
            </dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}

function TraceButtons({ store }: { readonly store: Store }): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <fieldset class="group">
      <legend class="unseen">Trace</legend>
      {!store.file && (
        <button
          type="button"
          class="quiet"
          onClick={() => void saveTrace(store)}
          title="Save the trace as a file (S)"
        >
          Save trace
        </button>
      )}
      <button
        type="button"
        class="quiet"
        onClick={() => picker.current?.click()}
        title="Open a trace file, or drop one onto the page (O)"
        data-action="open-trace"
      >
        Open
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".jsonl,.json,.txt,.gz"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void readTraceFile(store, file);
          event.currentTarget.value = '';
        }}
      />
    </fieldset>
  );
}

function ThemeButton({ store }: { readonly store: Store }): JSX.Element {
  const [theme, setTheme] = useState(savedTheme);
  const dark = isDark(theme);
  return (
    <button
      type="button"
      class="quiet icon"
      aria-label={dark ? 'Light theme' : 'Dark theme'}
      title={dark ? 'Light theme (D)' : 'Dark theme (D)'}
      data-action="theme"
      onClick={() => {
        const next = dark ? 'light' : 'dark';
        applyTheme(next);
        setTheme(next);
        // The plot takes its colors from the theme.
        store.changed();
      }}
    >
      {dark ? '☀' : '☾'}
    </button>
  );
}
