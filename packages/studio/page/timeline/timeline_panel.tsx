import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Lanes } from '../model/lanes.ts';
import type { Store } from '../store.ts';
import { useWidth } from '../use_width.ts';
import { gutterOf } from './geometry.ts';
import { ResponseTip } from './response_tip.tsx';
import { useTimelineMotion } from './timeline_motion.ts';
import { TimelineView } from './timeline_view.tsx';
import { Transport } from './transport.tsx';

/** Pixels per second: from a minute on one screen to single syllables. */
const ZOOM_STEPS = [12, 20, 35, 60, 90, 110, 135, 180, 240, 320];
const DEFAULT_ZOOM = 6;

/** The response under the pointer, and the pointer's position in the panel. */
interface Hover {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** The lanes of the shown trace, with the playhead. */
export function TimelinePanel({
  store,
  lanes,
}: {
  readonly store: Store;
  readonly lanes: Lanes;
}): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  const width = useWidth(panel);
  const [step, setStep] = useState(DEFAULT_ZOOM);
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  const pxPerMs = (ZOOM_STEPS[step] ?? 135) / 1000;
  const motion = useTimelineMotion({ store, panel, width, pxPerMs });
  const changeZoom = (by: number): void =>
    setStep(Math.min(ZOOM_STEPS.length - 1, Math.max(0, step + by)));
  const shown = hover && lanes.model.responses.find(({ id }) => id === hover.id);
  const isEmpty = lanes.model.responses.length === 0;

  return (
    <section class="panel timeline" aria-label="Timeline">
      <div class="panel-head">
        <h2>Timeline</h2>
        <Legend />
        <fieldset class="group">
          <legend class="unseen">Zoom</legend>
          <button
            type="button"
            class="quiet icon"
            aria-label="Zoom out"
            onClick={() => changeZoom(-1)}
          >
            −
          </button>
          <button
            type="button"
            class="quiet icon"
            aria-label="Zoom in"
            onClick={() => changeZoom(1)}
          >
            +
          </button>
        </fieldset>
      </div>
      <div
        ref={panel}
        class="timeline-view"
        style={{ '--gutter': `${gutterOf(width)}px` }}
        onPointerMove={(event) => setHover(hoverOf(event, panel.current))}
        onPointerLeave={() => setHover(undefined)}
        onPointerDown={motion.onPointerDown}
        onWheel={motion.onWheel}
      >
        <TimelineView
          store={store}
          lanes={lanes}
          width={width}
          pxPerMs={pxPerMs}
          visible={motion.visible}
          leftMs={motion.leftMs}
        />
        {isEmpty && <EmptyHint store={store} />}
        {shown && hover && (
          <ResponseTip response={shown} model={lanes.model} x={hover.x} y={hover.y} width={width} />
        )}
      </div>
      <Transport
        store={store}
        headMs={motion.headMs}
        isPanned={motion.isPanned}
        follow={motion.follow}
      />
    </section>
  );
}

function hoverOf(event: PointerEvent, panel: HTMLElement | null): Hover | undefined {
  const target = event.target instanceof Element ? event.target.closest('[data-response]') : null;
  const id = target?.getAttribute('data-response');
  if (!id || !panel || event.buttons !== 0) return undefined;
  const box = panel.getBoundingClientRect();
  return { id, x: event.clientX - box.left, y: event.clientY - box.top };
}

function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      <li class="written">written</li>
      <li class="sent">sent</li>
      <li class="heard">heard</li>
      <li class="unheard">not heard</li>
      <li class="task">task</li>
      <li class="cut">cut</li>
    </ul>
  );
}

function EmptyHint({ store }: { readonly store: Store }): JSX.Element | null {
  if (store.file || store.info?.error) return null;
  const isListening = store.audio.status.player === 'listening';
  return (
    <div class="empty">
      <p class="lead">
        {isListening
          ? 'Ask something, or choose a scenario.'
          : 'Start listening, then choose a scenario.'}
      </p>
      <p>
        Each response of the agent gets a row: when it was <b>written</b>, when it was <b>sent</b>,
        and when you <b>heard</b> it. Background tasks start once you hear the response, not when
        its first packet leaves.
      </p>
    </div>
  );
}
