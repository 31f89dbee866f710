import type { JSX } from 'preact';
import { clockTime } from '../model/format.ts';
import type { ResponseView } from '../model/response_view.ts';
import type { Store } from '../model/store.ts';
import type { TraceModel } from '../model/trace_model.ts';
import {
  AXIS_HEIGHT,
  axisStepMs,
  gutterOf,
  ROW_HEIGHT,
  STATE_HEIGHT,
  USER_HEIGHT,
  wordType,
} from './geometry.ts';
import { type Lanes, lifeEndMs, type PlacedResponse } from './lanes.ts';
import { PlayingFill, ResponseRow, ResponseTitle, TITLE_TOP } from './response_row.tsx';
import type { VisibleSpan } from './timeline_motion.ts';

interface Props {
  readonly store: Store;
  readonly lanes: Lanes;
  readonly width: number;
  readonly pxPerMs: number;
  readonly visible: VisibleSpan;
  readonly leftMs: number;
}

const STATE_TOP = AXIS_HEIGHT;
const USER_TOP = STATE_TOP + STATE_HEIGHT;
const ROWS_TOP = USER_TOP + USER_HEIGHT + 6;
const LEAST_ROWS = 2;

/** Of a title, on average, in px. */
const TITLE_CHAR_WIDTH = 6.8;

/** What grows with time grows in steps of this: less than an eye sees, and a row is not painted anew for each. */
const GROWTH_STEP_MS = 250;

/** The picture of a trace. It is drawn where time puts it; `useTimelineMotion` moves it under the playhead. */
export function TimelineView(props: Props): JSX.Element {
  const { store, lanes, width, pxPerMs, visible, leftMs } = props;
  const { model, placed } = lanes;
  const height = ROWS_TOP + Math.max(LEAST_ROWS, lanes.rowCount) * ROW_HEIGHT;
  const gutter = gutterOf(width);
  // In half pixels: the playhead's reports move the end of a sound by less, and that is not worth a painting.
  const toX = (atMs: number): number => Math.round((atMs - visible.fromMs) * pxPerMs * 2) / 2;
  const isVisible = (fromMs: number, toMs: number): boolean =>
    toMs >= visible.fromMs && fromMs <= visible.toMs;
  const rowCount = Math.max(LEAST_ROWS, lanes.rowCount);
  const contentWidth = Math.max(0, (visible.toMs - visible.fromMs) * pxPerMs);
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
  const playing = placed.filter(({ response }) => response.outcome === 'playing');
  return (
    <>
      <Names gutter={gutter} rowCount={rowCount} height={height} />
      <div class="lanes-window" style={{ left: `${gutter}px`, height: `${height}px` }}>
        <svg
          class="lanes"
          data-content={visible.fromMs}
          width={contentWidth}
          height={height}
          role="img"
          aria-label={`${model.responses.length} responses on a time axis; the list beside it says the same in words`}
        >
          <Hatching />
          <Axis toX={toX} pxPerMs={pxPerMs} visible={visible} store={store} height={height} />
          <States model={model} toX={toX} isVisible={isVisible} endMs={visible.toMs} />
          <Failures model={model} toX={toX} isVisible={isVisible} endMs={nowMs} />
          <User model={model} toX={toX} isVisible={isVisible} endMs={nowMs} />
          {placed
            .filter(({ response }) => isVisible(response.declaredAtMs, lifeEndMs(response)))
            .map((one) => (
              <ResponseRow key={one.response.id} {...rowOf(one)} />
            ))}
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
          width={contentWidth}
          height={height}
          aria-hidden="true"
        >
          {playing.map((one) => (
            <PlayingFill key={one.response.id} {...rowOf(one)} />
          ))}
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

/** The titles of what began left of the panel and still goes on: they stand still, so nothing has to move them. */
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

/** Whether time alone changes how it is drawn. */
function isGoingOn({ outcome, tasks }: ResponseView): boolean {
  return (
    outcome === 'playing' ||
    outcome === 'waiting' ||
    tasks.some(({ status }) => status === 'running')
  );
}

type ToX = (atMs: number) => number;

function Axis(props: {
  readonly toX: ToX;
  readonly pxPerMs: number;
  readonly visible: VisibleSpan;
  readonly store: Store;
  readonly height: number;
}): JSX.Element {
  const { toX, pxPerMs, visible, store, height } = props;
  const stepMs = axisStepMs(pxPerMs);
  const { startMs } = store.source;
  const first = Math.max(0, Math.floor((visible.fromMs - startMs) / stepMs));
  const last = Math.ceil((visible.toMs - startMs) / stepMs);
  const ticks: JSX.Element[] = [];
  for (let tick = first; tick <= last; tick += 1) {
    const x = toX(startMs + tick * stepMs);
    ticks.push(
      <g key={tick} class="tick">
        <line x1={x} x2={x} y1={AXIS_HEIGHT - 5} y2={height} />
        <text x={x + 4} y={14}>
          {clockTime(tick * stepMs)}
        </text>
      </g>,
    );
  }
  return <g>{ticks}</g>;
}

interface LaneProps {
  readonly model: TraceModel;
  readonly toX: ToX;
  readonly isVisible: (fromMs: number, toMs: number) => boolean;
  readonly endMs: number;
}

function States({ model, toX, isVisible, endMs }: LaneProps): JSX.Element {
  return (
    <g>
      {model.states
        .filter((span) => isVisible(span.startMs, span.endMs ?? endMs))
        .map((span) => {
          const x = toX(span.startMs);
          // An open state reaches beyond what is drawn, so that time does not change it.
          const width = Math.max(1, toX(span.endMs ?? endMs) - x - 1);
          const isWide = width > span.state.length * 7 + 10;
          return (
            <g key={span.startMs} class={`state state-${span.state}`}>
              <rect x={x} y={STATE_TOP + 4} width={width} height={STATE_HEIGHT - 8} rx="3" />
              {isWide && (
                <text x={x + 6} y={STATE_TOP + 16}>
                  {span.state}
                </text>
              )}
              <title>{span.state}</title>
            </g>
          );
        })}
    </g>
  );
}

/** Where a part of the agent broke: the words are in the list of responses. */
function Failures({ model, toX, isVisible }: LaneProps): JSX.Element {
  return (
    <g>
      {model.failures
        .filter(({ atMs }) => isVisible(atMs, atMs))
        .map(({ atMs, part, message }, index) => (
          <g key={index} class="failure" transform={`translate(${toX(atMs)} ${STATE_TOP + 4})`}>
            <path d="M0 15l6-12 6 12z" />
            <text x="4.6" y="13.4">
              !
            </text>
            <title>{`${part}: ${message}`}</title>
          </g>
        ))}
    </g>
  );
}

/** Width of a character of the small type, for cutting a text off where the next begins. */
const CHAR_WIDTH = 6.3;

function User({ model, toX, isVisible, endMs }: LaneProps): JSX.Element {
  return (
    <g class="user">
      {model.userSpeech
        .filter((span) => isVisible(span.startMs, span.endMs ?? endMs))
        .map((span) => {
          const x = toX(span.startMs);
          const width = Math.max(3, toX(span.endMs ?? endMs) - x);
          return (
            <rect
              key={span.startMs}
              class="speech"
              x={x}
              y={USER_TOP + 3}
              width={width}
              height={USER_HEIGHT - 6}
              rx="3"
            />
          );
        })}
      {model.userSaid.map((said, index) => {
        if (!isVisible(said.atMs, said.atMs + 20_000)) return null;
        const nextMs = model.userSaid[index + 1]?.atMs;
        const room = nextMs === undefined ? 80 : (toX(nextMs) - toX(said.atMs)) / CHAR_WIDTH - 4;
        return (
          <g key={said.atMs} class="said" transform={`translate(${toX(said.atMs)} ${USER_TOP})`}>
            <line y1="2" y2={USER_HEIGHT - 2} />
            <text x="6" y="16">
              {shortened(said.text, room)}
            </text>
            <title>{said.text}</title>
          </g>
        );
      })}
    </g>
  );
}

function shortened(text: string, chars: number): string {
  if (text.length <= chars) return text;
  return chars < 3 ? '' : `${text.slice(0, Math.floor(chars) - 1).trimEnd()}…`;
}

function Names({
  gutter,
  rowCount,
  height,
}: {
  readonly gutter: number;
  readonly rowCount: number;
  readonly height: number;
}): JSX.Element | null {
  if (gutter === 0) return null;
  const rows = Array.from({ length: rowCount }, (_, row) => ROWS_TOP + row * ROW_HEIGHT);
  return (
    <svg class="names" width={gutter} height={height} aria-hidden="true">
      <text x="0" y={STATE_TOP + 16}>
        State
      </text>
      <text x="0" y={USER_TOP + 16}>
        You
      </text>
      {rows.map((top) => (
        <g key={top}>
          <line x1="0" x2={gutter} y1={top} y2={top} />
          <text class="small" x="0" y={top + 27}>
            written
          </text>
          <text class="small" x="0" y={top + 38}>
            sent
          </text>
          <text class="small strong" x="0" y={top + 59}>
            heard
          </text>
          <text class="small" x="0" y={top + 81}>
            task
          </text>
        </g>
      ))}
    </svg>
  );
}
