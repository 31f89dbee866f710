import type { JSX } from 'preact';
import { clockTime } from '../model/format.ts';
import { INAUDIBLE_WORDS } from '../model/response_words.ts';
import type { Span, TraceModel } from '../model/trace_model.ts';
import type { Store } from '../store.ts';
import {
  AXIS_HEIGHT,
  axisStepMs,
  MAX_NAME_AGE_MS,
  STATE_HEIGHT,
  STATE_TOP,
  USER_HEIGHT,
  USER_TOP,
} from './geometry.ts';
import { isolated } from './place_words.ts';
import type { VisibleSpan } from './timeline_motion.ts';

type ToX = (atMs: number) => number;

/** The labels and lines of the time axis. */
export function Axis(props: {
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
        <text x={x + 4} y={12}>
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
  /** The instant at the left edge of the panel. A state that began before it has its name there, and not here. */
  readonly leftMs: number;
}

/** The first part of a state, from an instant on, that no time without a listener covers: its name has its place there. */
function uncovered(
  { inaudible }: TraceModel,
  { endMs = Number.POSITIVE_INFINITY }: Span,
  atMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  let [fromMs, toMs] = [atMs, endMs];
  // They are in order of time and do not overlap.
  for (const { startMs, endMs: overMs = Number.POSITIVE_INFINITY } of inaudible) {
    if (startMs <= fromMs && overMs > fromMs) fromMs = overMs;
    else if (startMs > fromMs) toMs = Math.min(toMs, startMs);
  }
  return { fromMs, toMs };
}

/** A bar in the lane of states, with its name where there is room for it. */
function Bar(of: {
  readonly kind: string;
  readonly words: string;
  readonly x: number;
  readonly endX: number;
  /** Where the name has its place, from and to. */
  readonly name: readonly [fromX: number, toX: number];
  readonly isNamed: boolean;
}): JSX.Element {
  const { kind, words, x, endX, name, isNamed } = of;
  return (
    <g class={kind}>
      <rect
        x={x}
        y={STATE_TOP + 4}
        width={Math.max(1, endX - x - 1)}
        height={STATE_HEIGHT - 8}
        rx="3"
      />
      {isNamed && name[1] - name[0] > words.length * 7 + 10 && (
        <text x={name[0] + 6} y={STATE_TOP + 16}>
          {words}
        </text>
      )}
      <title>{words}</title>
    </g>
  );
}

/** The states of the agent, and over them when nobody could hear: an agent that speaks to nobody is not heard. */
export function States({ model, toX, isVisible, endMs, leftMs }: LaneProps): JSX.Element {
  // The last one extends beyond the drawing, so that it need not change as time passes.
  const visible = <S extends Span>(spans: readonly S[]): S[] =>
    spans.filter((span) => isVisible(span.startMs, span.endMs ?? endMs));
  return (
    <g>
      {visible(model.states).map((span) => {
        const { fromMs, toMs } = uncovered(model, span, span.startMs);
        return (
          <Bar
            key={span.startMs}
            kind={`state state-${span.state}`}
            words={span.state}
            x={toX(span.startMs)}
            endX={toX(span.endMs ?? endMs)}
            name={[toX(fromMs), toX(Math.min(toMs, endMs))]}
            isNamed={fromMs >= leftMs}
          />
        );
      })}
      {visible(model.inaudible).map((span) => {
        const [x, endX] = [toX(span.startMs), toX(span.endMs ?? endMs)];
        return (
          <Bar
            key={-span.startMs}
            kind="inaudible"
            words={INAUDIBLE_WORDS[span.why]}
            x={x}
            endX={endX}
            name={[x, endX]}
            isNamed={span.startMs >= leftMs}
          />
        );
      })}
    </g>
  );
}

/** What is written in the lane of states at an instant, and how long it has room. */
export interface StateName {
  readonly kind: string;
  readonly words: string;
}

/** The name of the state at an instant, if it began before and lasts for at least the width of the name. */
export function stateNameAt(
  model: TraceModel,
  atMs: number,
  pxPerMs: number,
): StateName | undefined {
  const goesOn = ({ startMs, endMs = Number.POSITIVE_INFINITY }: Span, words: string): boolean =>
    // It must have room until it is drawn again.
    startMs < atMs && (endMs - atMs - MAX_NAME_AGE_MS) * pxPerMs > words.length * 7 + 10;
  const covered = ({ startMs, endMs = Number.POSITIVE_INFINITY }: Span): boolean =>
    startMs < atMs && endMs > atMs;
  const hidden = model.inaudible.find(covered);
  const words = hidden && INAUDIBLE_WORDS[hidden.why];
  if (hidden && words) return goesOn(hidden, words) ? { kind: 'inaudible', words } : undefined;
  const span = model.states.find((one) =>
    goesOn({ startMs: one.startMs, endMs: uncovered(model, one, atMs).toMs }, one.state),
  );
  return span && { kind: `state state-${span.state}`, words: span.state };
}

/** The failures of parts of the agent; the list of responses has their messages. */
export function Failures({ model, toX, isVisible }: LaneProps): JSX.Element {
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

/** The width of a character of the small type, in px: a text is shortened where the next one begins. */
const CHAR_WIDTH = 6.3;

/** When the user spoke, and what the user said or typed. */
export function User({ model, toX, isVisible, endMs }: LaneProps): JSX.Element {
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
              {isolated(shortened(said.text, room))}
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
