import type { ComponentChildren, JSX } from 'preact';
import { type Lanes, lifeEndMs, type PlacedResponse } from '../model/lanes.ts';
import type { ResponseView } from '../model/response_view.ts';
import type { Store } from '../store.ts';
import {
  AXIS_HEIGHT,
  gutterOf,
  ROW_HEIGHT,
  ROWS_TOP,
  STATE_TOP,
  TITLE_TOP,
  wordType,
} from './geometry.ts';
import { InaudibleParts, PlayingFill } from './heard_bar.tsx';
import { LaneNames } from './lane_names.tsx';
import { ResponseRow, ResponseTitle } from './response_row.tsx';
import { Axis, Failures, type StateName, States, stateNameAt, User } from './time_lanes.tsx';
import type { VisibleSpan } from './timeline_motion.ts';

interface Props {
  readonly store: Store;
  readonly lanes: Lanes;
  readonly width: number;
  readonly pxPerMs: number;
  readonly visible: VisibleSpan;
  readonly leftMs: number;
}

const MIN_ROWS = 2;

/** The average width of a character of a title, in px. */
const TITLE_CHAR_WIDTH = 6.8;

/** Bars that grow with time grow in steps of this: too small to see, and rows need not be painted for every frame. */
const GROWTH_STEP_MS = 250;

function contentWidthOf({ visible, pxPerMs }: Props): number {
  return Math.max(0, (visible.toMs - visible.fromMs) * pxPerMs);
}

/** Draws a trace on a time axis; `useTimelineMotion` shifts the drawing under the playhead. */
export function TimelineView(props: Props): JSX.Element {
  const { store, lanes, width, pxPerMs, visible, leftMs } = props;
  const { model, placed } = lanes;
  const rowCount = Math.max(MIN_ROWS, lanes.rowCount);
  const height = ROWS_TOP + rowCount * ROW_HEIGHT;
  const isEmpty = lanes.rowCount === 0;
  const gutter = gutterOf(width);
  const contentWidth = contentWidthOf(props);
  // Rounded to half pixels: a report moves the end of a sound by less, which is not worth a repaint.
  const toX = (atMs: number): number => Math.round((atMs - visible.fromMs) * pxPerMs * 2) / 2;
  const isVisible = (fromMs: number, toMs: number): boolean =>
    toMs >= visible.fromMs && fromMs <= visible.toMs;
  const nowMs = Math.ceil(store.nowMs() / GROWTH_STEP_MS) * GROWTH_STEP_MS;
  const isPinned = (response: ResponseView): boolean =>
    response.declaredAtMs < leftMs &&
    lifeEndMs(response) > leftMs + (response.title.length * TITLE_CHAR_WIDTH) / pxPerMs;
  const rowOf = ({ row, response }: PlacedResponse) => ({
    response,
    top: ROWS_TOP + row * ROW_HEIGHT,
    fromMs: visible.fromMs,
    toX,
    pxPerMs,
    isSelected: store.selectedId === response.id,
    isPinned: isPinned(response),
    nowMs: isGoingOn(response) ? nowMs : 0,
    type: wordType(width),
  });
  const inaudibleParts = (one: PlacedResponse): JSX.Element => (
    <InaudibleParts key={one.response.id} {...rowOf(one)} inaudible={model.inaudible} />
  );
  const lane = { model, toX, isVisible, leftMs };
  const playing = placed.filter(({ response }) => response.outcome === 'playing');
  return (
    <>
      <LaneNames gutter={gutter} rows={rowsInView(props)} height={height} />
      <div class="lanes-window" style={{ left: `${gutter}px`, height: `${height}px` }}>
        <svg
          class="lanes"
          data-content={visible.fromMs}
          width={contentWidth}
          height={height}
          role="img"
          aria-label={`${model.responses.length} responses on a time axis. The list of responses has the same in words.`}
        >
          <Hatching />
          <Axis
            toX={toX}
            pxPerMs={pxPerMs}
            visible={visible}
            store={store}
            height={isEmpty ? STATE_TOP : height}
          />
          <User {...lane} endMs={nowMs} />
          {placed
            .filter(({ response }) => isVisible(response.declaredAtMs, lifeEndMs(response)))
            .map((one) => (
              <ResponseRow key={one.response.id} {...rowOf(one)} />
            ))}
          {placed.map(inaudibleParts)}
        </svg>
      </div>
      <PastLayer fromMs={visible.fromMs} gutter={gutter} width={contentWidth} height={height}>
        <States {...lane} endMs={visible.toMs} />
        <Failures {...lane} endMs={nowMs} />
        {playing.map((one) => (
          <PlayingFill key={one.response.id} {...rowOf(one)} />
        ))}
        {playing.map(inaudibleParts)}
      </PastLayer>
      <PinnedTitles
        pinned={placed.filter(({ response }) => isPinned(response))}
        state={stateNameAt(model, leftMs, pxPerMs)}
        gutter={gutter}
        width={Math.max(0, width - gutter)}
        height={height}
      />
      {!isEmpty && <Playhead height={height} />}
      <div style={{ height: `${height}px` }} />
    </>
  );
}

/** One that was skipped before anything was written of it has a title, and nothing in its lanes. */
function hasLanes({ outcome, written, sent }: ResponseView): boolean {
  return outcome !== 'skipped' || written !== undefined || sent !== undefined;
}

/** The rows that have a response between the edges of the panel. */
function rowsInView({ lanes, width, pxPerMs, leftMs }: Props): number[] {
  const rightMs = leftMs + (width - gutterOf(width)) / pxPerMs;
  const inView = lanes.placed.filter(
    ({ response }) =>
      response.declaredAtMs < rightMs && lifeEndMs(response) > leftMs && hasLanes(response),
  );
  return [...new Set(inView.map(({ row }) => row))].sort((a, b) => a - b);
}

/** What is known only until now: the states, and what was heard of the responses that play. Its right edge is the playhead. */
function PastLayer(of: {
  readonly fromMs: number;
  readonly gutter: number;
  readonly width: number;
  readonly height: number;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { fromMs, gutter, width, height, children } = of;
  return (
    <div
      class="lanes-window past"
      data-past=""
      style={{ left: `${gutter}px`, height: `${height}px` }}
    >
      <svg class="lanes" data-content={fromMs} width={width} height={height} aria-hidden="true">
        {children}
      </svg>
    </div>
  );
}

function Playhead({ height }: { readonly height: number }): JSX.Element {
  return (
    <svg class="playhead" data-playhead="" width="14" height={height} aria-hidden="true">
      <line x1="7" x2="7" y1={AXIS_HEIGHT - 4} y2={height} />
      <path d={`M1 ${AXIS_HEIGHT - 12}h12v5l-6 6-6-6z`} />
    </svg>
  );
}

function Hatching(): JSX.Element {
  return (
    <defs>
      <pattern
        id="unheard"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="hatch-ground" width="6" height="6" />
        <rect class="hatch" width="2" height="6" />
      </pattern>
    </defs>
  );
}

/** The names of what began left of the panel and is still drawn: responses, and the state. They do not move with the axis. */
function PinnedTitles({
  pinned,
  state,
  gutter,
  width,
  height,
}: {
  readonly pinned: readonly PlacedResponse[];
  readonly state: StateName | undefined;
  readonly gutter: number;
  readonly width: number;
  readonly height: number;
}): JSX.Element | null {
  if (pinned.length === 0 && !state) return null;
  return (
    <svg
      class="names pinned"
      style={{ left: `${gutter}px` }}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {state && (
        <g class={state.kind}>
          <text x={6} y={STATE_TOP + 16}>
            {state.words}
          </text>
        </g>
      )}
      {pinned.map(({ row, response }) => (
        <g key={response.id} class={`response ${response.outcome}`}>
          <ResponseTitle response={response} x={4} y={ROWS_TOP + row * ROW_HEIGHT + TITLE_TOP} />
        </g>
      ))}
    </svg>
  );
}

/** Whether the drawing of a response changes as time passes. */
function isGoingOn({ outcome, tasks }: ResponseView): boolean {
  return (
    outcome === 'playing' ||
    outcome === 'waiting' ||
    tasks.some(({ status }) => status === 'running')
  );
}
