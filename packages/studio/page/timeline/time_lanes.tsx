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

/** The states of the agent. */
export function States({ model, toX, isVisible, endMs, leftMs }: LaneProps): JSX.Element {
  return (
    <g>
      {model.states
        .filter((span) => isVisible(span.startMs, span.endMs ?? endMs))
        .map((span) => {
          const x = toX(span.startMs);
          // The last state extends beyond the drawing, so that it need not change as time passes.
          const width = Math.max(1, toX(span.endMs ?? endMs) - x - 1);
          const isNamed = span.startMs >= leftMs && width > span.state.length * 7 + 10;
          return (
            <g key={span.startMs} class={`state state-${span.state}`}>
              <rect x={x} y={STATE_TOP + 4} width={width} height={STATE_HEIGHT - 8} rx="3" />
              {isNamed && (
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

/** When nobody could hear, over the states: an agent that speaks to nobody is not heard. */
export function Inaudible({ model, toX, isVisible, endMs, leftMs }: LaneProps): JSX.Element {
  return (
    <g>
      {model.inaudible
        .filter((span) => isVisible(span.startMs, span.endMs ?? endMs))
        .map((span) => {
          const x = toX(span.startMs);
          const width = Math.max(1, toX(span.endMs ?? endMs) - x - 1);
          const words = INAUDIBLE_WORDS[span.why];
          return (
            <g key={span.startMs} class="inaudible">
              <rect x={x} y={STATE_TOP + 4} width={width} height={STATE_HEIGHT - 8} rx="3" />
              {span.startMs >= leftMs && width > words.length * 7 + 10 && (
                <text x={x + 6} y={STATE_TOP + 16}>
                  {words}
                </text>
              )}
              <title>{words}</title>
            </g>
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
  const span = model.states.find((one) => goesOn(one, one.state));
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
