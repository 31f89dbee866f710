import type { JSX } from 'preact';
import { type Lanes, lifeEndMs, type PlacedResponse } from '../model/lanes.ts';
import type { ResponseView } from '../model/response_view.ts';
import type { Store } from '../store.ts';
import { AXIS_HEIGHT, gutterOf, ROW_HEIGHT, ROWS_TOP, TITLE_TOP, wordType } from './geometry.ts';
import { InaudibleParts, PlayingFill } from './heard_bar.tsx';
import { LaneNames } from './lane_names.tsx';
import { ResponseRow, ResponseTitle } from './response_row.tsx';
import { Axis, Failures, Inaudible, States, User } from './time_lanes.tsx';
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
  const gutter = gutterOf(width);
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
  const playing = placed.filter(({ response }) => response.outcome === 'playing');
  return (
    <>
      <LaneNames gutter={gutter} rowCount={rowCount} height={height} />
      <div class="lanes-window" style={{ left: `${gutter}px`, height: `${height}px` }}>
        <svg
          class="lanes"
          data-content={visible.fromMs}
          width={contentWidthOf(props)}
          height={height}
          role="img"
          aria-label={`${model.responses.length} responses on a time axis. The list of responses has the same in words.`}
        >
          <Hatching />
          <Axis toX={toX} pxPerMs={pxPerMs} visible={visible} store={store} height={height} />
          <States model={model} toX={toX} isVisible={isVisible} endMs={visible.toMs} />
          <Inaudible model={model} toX={toX} isVisible={isVisible} endMs={visible.toMs} />
          <Failures model={model} toX={toX} isVisible={isVisible} endMs={nowMs} />
          <User model={model} toX={toX} isVisible={isVisible} endMs={nowMs} />
          {placed
            .filter(({ response }) => isVisible(response.declaredAtMs, lifeEndMs(response)))
            .map((one) => (
              <ResponseRow key={one.response.id} {...rowOf(one)} />
            ))}
          {placed.map(inaudibleParts)}
        </svg>
      </div>
      <div
        class="lanes-window past"
        data-past=""
        style={{ left: `${gutter}px`, height: `${height}px` }}
      >
        <svg
          class="lanes"
          data-content={visible.fromMs}
          width={contentWidthOf(props)}
          height={height}
          aria-hidden="true"
        >
          {playing.map((one) => (
            <PlayingFill key={one.response.id} {...rowOf(one)} />
          ))}
          {playing.map(inaudibleParts)}
        </svg>
      </div>
      <PinnedTitles
        pinned={placed.filter(({ response }) => isPinned(response))}
        gutter={gutter}
        width={Math.max(0, width - gutter)}
        height={height}
      />
      {model.responses.length > 0 && (
        <svg class="playhead" data-playhead="" width="14" height={height} aria-hidden="true">
          <line x1="7" x2="7" y1={AXIS_HEIGHT - 4} y2={height} />
          <path d={`M1 ${AXIS_HEIGHT - 12}h12v5l-6 6-6-6z`} />
        </svg>
      )}
      <div style={{ height: `${height}px` }} />
    </>
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

/** The titles of responses that began left of the panel and are still drawn. They do not move with the axis. */
function PinnedTitles({
  pinned,
  gutter,
  width,
  height,
}: {
  readonly pinned: readonly PlacedResponse[];
  readonly gutter: number;
  readonly width: number;
  readonly height: number;
}): JSX.Element | null {
  if (pinned.length === 0) return null;
  return (
    <svg
      class="names pinned"
      style={{ left: `${gutter}px` }}
      width={width}
      height={height}
      aria-hidden="true"
    >
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
