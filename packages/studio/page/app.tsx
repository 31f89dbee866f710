import type { JSX } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { AgentErrorPanel } from './panels/agent_error.tsx';
import { Controls } from './panels/controls.tsx';
import { Conversation } from './panels/conversation.tsx';
import { FileBar } from './panels/file_bar.tsx';
import { Header } from './panels/header.tsx';
import { ServerNotice } from './panels/server_notice.tsx';
import { TimingPanel } from './panels/timing_panel.tsx';
import { useShortcuts } from './shortcuts.ts';
import type { Store } from './store.ts';
import { TimelinePanel } from './timeline/timeline_panel.tsx';
import { useTraceDrop } from './trace_files.ts';

/** The whole page. */
export function App({ store }: { readonly store: Store }): JSX.Element {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.subscribe(() => redraw(undefined)), [store]);
  useShortcuts(store);
  const isDropping = useTraceDrop(store);
  const lanes = store.lanes();
  const error = store.file ? null : (store.info?.error ?? null);
  return (
    <div class={isDropping ? 'page dropping' : 'page'}>
      <Header store={store} model={lanes.model} />
      {!store.file && <ServerNotice capabilities={store.info?.capabilities ?? []} />}
      {store.file ? <FileBar store={store} /> : <Controls store={store} />}
      {store.notice !== undefined && (
        <p class="notice" role="alert">
          {store.notice}
          <button type="button" class="plain" onClick={() => store.dismiss()}>
            Dismiss
          </button>
        </p>
      )}
      {!store.file && store.isGone && (
        <p class="notice" role="alert">
          Studio’s process does not answer. If it has ended, start it again in its terminal, with
          the same port. This page then goes on by itself.
        </p>
      )}
      {error && <AgentErrorPanel error={error} agentName={store.info?.agentName ?? 'the agent'} />}
      <main class="columns">
        <Conversation store={store} model={lanes.model} />
        <TimelinePanel store={store} lanes={lanes} />
        <TimingPanel responses={lanes.model.responses} />
      </main>
      {isDropping && <div class="drop-hint">Drop the trace to open it</div>}
    </div>
  );
}
