import { Fragment, type JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Entry, entriesOf } from '../model/entries.ts';
import type { ResponseView } from '../model/response_view.ts';
import { evidenceWords, outcomeWords, textParts } from '../model/response_words.ts';
import type { TraceModel } from '../model/trace_model.ts';
import type { Store } from '../store.ts';
import { ResponseNumbers } from '../timeline/response_tip.tsx';

/** The number of entries that are drawn; older ones are on the timeline and in the trace. */
const ENTRIES_SHOWN = 120;

/** What was said, and how much of it was heard. */
export function Conversation({
  store,
  model,
}: {
  readonly store: Store;
  readonly model: TraceModel;
}): JSX.Element {
  const entries = entriesOf(model).slice(-ENTRIES_SHOWN);
  const list = useRef<HTMLOListElement>(null);
  const last = endOf(entries);
  const setTop = useRef(0);
  useEffect(() => {
    const { current } = list;
    if (last === undefined || !current) return;
    // Smooth scrolling would paint for half a second at each new word.
    current.scrollTo({ top: current.scrollHeight });
    setTop.current = current.scrollTop;
  }, [last]);
  // A text that is longer than the list is followed word by word, until the user scrolls.
  useEffect(() => {
    const { current } = list;
    if (!current || Math.abs(current.scrollTop - setTop.current) > 2) return;
    showHeardEnd(current);
    setTop.current = current.scrollTop;
  });
  // The numbers of a card may lie below the edge of the list.
  useEffect(() => {
    list.current
      ?.querySelector('.card:has([aria-expanded=true])')
      ?.scrollIntoView({ block: 'nearest' });
  }, [store.selectedId]);
  // A window that is made smaller, or a phone that is turned, still shows what was said last.
  useEffect(() => {
    const { current } = list;
    if (!current) return;
    const resized = new ResizeObserver(() => {
      const { scrollTop, clientHeight, scrollHeight } = current;
      const isAtEnd = scrollTop + clientHeight >= scrollHeight - 2;
      if (!isAtEnd && Math.abs(scrollTop - setTop.current) > 2) return;
      current.scrollTo({ top: scrollHeight });
      setTop.current = current.scrollTop;
    });
    resized.observe(current);
    return () => resized.disconnect();
  }, []);
  return (
    <section
      class={entries.length === 0 ? 'panel conversation silent' : 'panel conversation'}
      aria-label="Responses"
    >
      <div class="panel-head">
        <h2>Responses</h2>
        <p class="count">{model.responses.length}</p>
      </div>
      <ol ref={list} tabIndex={-1}>
        {entries.length === 0 && <li class="nothing">Nothing has been said yet.</li>}
        {entries.map((entry) => (
          <EntryItem key={keyOf(entry)} store={store} entry={entry} startMs={model.startMs} />
        ))}
      </ol>
    </section>
  );
}

/** Scrolls so that the end of what was heard is in view. */
function showHeardEnd(list: HTMLElement): void {
  const [unheard] = list.querySelector('.card.playing .is-unheard')?.getClientRects() ?? [];
  if (!unheard) return;
  const box = list.getBoundingClientRect();
  const isInView = unheard.top >= box.top && unheard.bottom <= box.bottom;
  if (!isInView) list.scrollBy({ top: unheard.top - box.top - box.height / 3 });
}

function EntryItem({
  store,
  entry,
  startMs,
}: {
  readonly store: Store;
  readonly entry: Entry;
  readonly startMs: number;
}): JSX.Element {
  switch (entry.kind) {
    case 'user':
      return (
        <li class="said">
          <p dir="auto">{entry.said.text}</p>
          <small>{entry.said.by === 'voice' ? 'you said' : 'you asked'}</small>
        </li>
      );
    case 'failure':
      return (
        <li class="part-failed">
          <strong>
            {PARTS[entry.failure.part] ?? entry.failure.part} failed
            {entry.count > 1 && `, ${entry.count} times`}
          </strong>
          <p>{entry.failure.message}</p>
        </li>
      );
    case 'agent': {
      const { response } = entry;
      const isOpen = store.selectedId === response.id;
      return <ResponseCard store={store} isOpen={isOpen} response={response} startMs={startMs} />;
    }
  }
}

/** The names of LiveKit's error types. */
const PARTS: Readonly<Record<string, string>> = {
  llm_error: 'The model',
  realtime_model_error: 'The model',
  stt_error: 'Recognition',
  tts_error: 'The voice',
};

function keyOf(entry: Entry): string {
  return entry.kind === 'agent' ? entry.response.id : `${entry.kind}-${entry.atMs}`;
}

/** Changes when the list gets longer: by a new entry, or by more text in the last one. */
function endOf(entries: readonly Entry[]): string | undefined {
  const last = entries.at(-1);
  if (!last) return undefined;
  return last.kind !== 'agent'
    ? `${last.atMs}`
    : `${last.atMs} ${last.response.text.length} ${last.response.outcome}`;
}

interface CardProps {
  readonly store: Store;
  readonly isOpen: boolean;
  readonly response: ResponseView;
  readonly startMs: number;
}

/** Draws a card again only when its response changes. */
function ResponseCard(props: CardProps): JSX.Element {
  const { store, isOpen, response, startMs } = props;
  return useMemo(() => <Card {...props} />, [store, isOpen, response, startMs]);
}

function Card({ store, isOpen, response, startMs }: CardProps): JSX.Element {
  return (
    <li class={`card ${response.outcome}`}>
      <button
        type="button"
        class="card-head"
        aria-expanded={isOpen}
        onClick={() => store.select(isOpen ? undefined : response.id)}
      >
        <strong>{response.title}</strong>
        <span class="outcome">{outcomeWords(response)}</span>
        <span class="at">{evidenceWords(response)}</span>
      </button>
      <Text response={response} />
      {isOpen && <ResponseNumbers response={response} startMs={startMs} />}
    </li>
  );
}

function Text({ response }: { readonly response: ResponseView }): JSX.Element {
  if (response.text === '') return <p class="text none">no text</p>;
  const parts = textParts(response);
  const lastHeard = parts.findLastIndex(({ heard }) => heard);
  const isCut = response.outcome === 'cut';
  return (
    <p class="text" dir="auto">
      {isCut && lastHeard < 0 && <i class="cut-here" title="cut here" />}
      {parts.map(({ text, heard }, place) => (
        <Fragment key={place}>
          <span class={heard ? 'is-heard' : 'is-unheard'}>{text}</span>
          {isCut && place === lastHeard && <i class="cut-here" title="cut here" />}
        </Fragment>
      ))}
    </p>
  );
}
