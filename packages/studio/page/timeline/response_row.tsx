import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ResponseView, TaskView } from '../model/response_view.ts';
import { outcomeWords } from '../model/response_words.ts';
import { drawnSoundEndMs, type PlacedWord, placeWords } from './lanes.ts';

/** Below this zoom words would be pushed far behind their sound. */
const LEAST_PX_PER_MS_FOR_WORDS = 0.08;

/** Of the title's base line. */
export const TITLE_TOP = 14;
const WRITTEN_TOP = 22;
const SENT_TOP = 32;
const HEARD_TOP = 43;
const HEARD_HEIGHT = 23;
const TASK_TOP = 78;

interface Props {
  readonly response: ResponseView;
  readonly top: number;
  /** The instant at the left end of what is drawn: `toX` and `pxPerMs` rest on it. */
  readonly fromMs: number;
  readonly toX: (atMs: number) => number;
  readonly pxPerMs: number;
  readonly isSelected: boolean;
  /** Its title stands elsewhere. */
  readonly isPinned: boolean;
  /** 0 where nothing goes on any more. */
  readonly nowMs: number;
  /** Of the words in the bar. */
  readonly type: { readonly size: number; readonly charWidth: number };
}

/** One response: what was written, sent and heard of it, and what it set off. Drawn anew when it changed. */
export function ResponseRow(props: Props): JSX.Element {
  const { response, top, fromMs, pxPerMs, isSelected, isPinned, nowMs, type } = props;
  return useMemo(
    () => <Row {...props} />,
    [response, top, fromMs, pxPerMs, isSelected, isPinned, nowMs, type.size],
  );
}

function Row(props: Props): JSX.Element {
  const { response, top, toX, isSelected } = props;
  const { written, sent } = response;
  const classes = ['response', response.outcome, ...(isSelected ? ['selected'] : [])];
  return (
    <g class={classes.join(' ')} data-response={response.id} transform={`translate(0 ${top})`}>
      <Ground {...props} />
      {!props.isPinned && (
        <ResponseTitle response={response} x={toX(response.declaredAtMs)} y={TITLE_TOP} />
      )}
      {written && (
        <Bar kind="written" y={WRITTEN_TOP} from={toX(written.startMs)} to={toX(written.endMs)} />
      )}
      {sent && <Bar kind="sent" y={SENT_TOP} from={toX(sent.startMs)} to={toX(sent.endMs)} />}
      <Heard {...props} />
      {response.tasks.map((task) => (
        <Task key={task.taskId} task={task} title={response.taskTitle} {...props} />
      ))}
    </g>
  );
}

/** What it is called, and what became of it. */
export function ResponseTitle({
  response,
  x,
  y,
}: {
  readonly response: ResponseView;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  return (
    <text class="title" x={x} y={y}>
      {response.title}
      <tspan class="outcome" dx="6">
        {outcomeWords(response)}
      </tspan>
    </text>
  );
}

/** Nothing to be seen, but to be pointed at. */
function Ground({ response, toX, nowMs }: Props): JSX.Element {
  const x = toX(response.declaredAtMs) - 4;
  const isOpen = response.outcome === 'playing' || response.outcome === 'waiting';
  const endMs = Math.max(
    response.endedAtMs ?? 0,
    drawnSoundEndMs(response) ?? 0,
    isOpen ? nowMs : 0,
  );
  return (
    <rect class="ground" x={x} y="2" width={Math.max(90, toX(endMs) - x + 6)} height="86" rx="5" />
  );
}

function Bar(of: {
  readonly kind: string;
  readonly y: number;
  readonly from: number;
  readonly to: number;
}): JSX.Element {
  return (
    <rect
      class={of.kind}
      x={of.from}
      y={of.y}
      width={Math.max(2, of.to - of.from)}
      height="5"
      rx="2"
    />
  );
}

/** Where the sound of a response is drawn. */
interface HeardBox {
  readonly fromX: number;
  /** Where it ends, or will if it is heard to its end. */
  readonly toX: number;
  readonly words: readonly PlacedWord[];
}

function heardBox({ response, toX, pxPerMs, type }: Props): HeardBox | undefined {
  const { start } = response;
  const endMs = drawnSoundEndMs(response);
  if (!start || endMs === undefined) return undefined;
  const words = response.words.filter((word) => word.endMs <= endMs + 1);
  const hasRoom = pxPerMs >= LEAST_PX_PER_MS_FOR_WORDS;
  const fromX = toX(start.startedAtMs);
  return {
    fromX,
    toX: Math.max(fromX + 2, toX(endMs)),
    words: hasRoom ? placeWords(words, toX, type.charWidth) : [],
  };
}

function Heard(props: Props): JSX.Element | null {
  const { response, toX, pxPerMs } = props;
  const { start, outcome, headAtMs, endedAtMs, id } = response;
  const box = heardBox(props);
  if (!start || !box) return null;
  const { fromX } = box;
  const heardX = toX(endedAtMs ?? headAtMs ?? start.startedAtMs);
  const boundPx = Math.min(40, start.errorBoundMs * pxPerMs);
  return (
    <g>
      <rect
        class="unheard"
        x={fromX}
        y={HEARD_TOP}
        width={box.toX - fromX}
        height={HEARD_HEIGHT}
        rx="4"
      />
      {/* While it plays, the layer above shows what was heard. */}
      <Words
        words={box.words}
        size={props.type.size}
        as={outcome === 'playing' ? 'unheard' : 'is'}
      />
      {outcome !== 'playing' && (
        <g>
          <clipPath id={`heard-${id}`}>
            <rect
              x={fromX}
              y={HEARD_TOP}
              width={Math.max(1, heardX - fromX)}
              height={HEARD_HEIGHT}
              rx="4"
            />
          </clipPath>
          <g clip-path={`url(#heard-${id})`}>
            <Fill box={box} evidence={start.evidence} size={props.type.size} as="is" />
          </g>
        </g>
      )}
      {boundPx >= 2 && (
        <rect class="bound" x={fromX - boundPx} y={HEARD_TOP - 3} width={boundPx * 2} height="2" />
      )}
      {outcome === 'cut' && (
        <g class="cut-mark" transform={`translate(${heardX} 0)`}>
          <line y1={HEARD_TOP - 6} y2={HEARD_TOP + HEARD_HEIGHT + 6} />
          <circle cy={HEARD_TOP - 6} r="3" />
        </g>
      )}
    </g>
  );
}

/**
 * What is heard of the response that plays, as if it were heard to its end: the layer that it is drawn in ends at the
 * playhead.
 */
export function PlayingFill(props: Props): JSX.Element | null {
  const { response, top } = props;
  const box = heardBox(props);
  if (!response.start || !box) return null;
  return (
    <g transform={`translate(0 ${top})`} data-response={response.id}>
      <Fill box={box} evidence={response.start.evidence} size={props.type.size} as="heard" />
    </g>
  );
}

/** How words are drawn: as they are, or all as heard or unheard, so that a playhead that moves changes none. */
type WordsAs = 'is' | 'heard' | 'unheard';

function Fill({
  box,
  evidence,
  size,
  as,
}: {
  readonly box: HeardBox;
  readonly evidence: string;
  readonly size: number;
  readonly as: WordsAs;
}): JSX.Element {
  return (
    <g class="response">
      <rect
        class={`heard evidence-${evidence}`}
        x={box.fromX}
        y={HEARD_TOP}
        width={box.toX - box.fromX}
        height={HEARD_HEIGHT}
        rx="4"
      />
      <Words words={box.words} size={size} as={as} isOverHeard={true} />
    </g>
  );
}

function Words({
  words,
  size,
  as,
  isOverHeard = false,
}: {
  readonly words: readonly PlacedWord[];
  readonly size: number;
  readonly as: WordsAs;
  readonly isOverHeard?: boolean;
}): JSX.Element {
  return (
    <text class={isOverHeard ? 'words over' : 'words'} font-size={size} y={HEARD_TOP + 15.5}>
      {words.map(({ text, heard, x }, index) => (
        <tspan
          key={index}
          x={x + 4}
          class={(as === 'is' ? heard : as === 'heard') ? 'is-heard' : 'is-unheard'}
        >
          {text}
        </tspan>
      ))}
    </text>
  );
}

function Task({
  task,
  title,
  toX,
  nowMs,
}: Props & { readonly task: TaskView; readonly title: string | undefined }): JSX.Element {
  const x = toX(task.startedAtMs);
  const endX = toX(task.endedAtMs ?? nowMs);
  return (
    <g class={`task ${task.status}`}>
      <line x1={x} x2={Math.max(x, endX)} y1={TASK_TOP} y2={TASK_TOP} />
      <line class="drop" x1={x} x2={x} y1={HEARD_TOP + HEARD_HEIGHT} y2={TASK_TOP} />
      <path d={`M${x} ${TASK_TOP - 5}l5 5-5 5-5-5z`} />
      <text x={Math.max(x + 9, endX + 6)} y={TASK_TOP + 4}>
        {title ?? task.taskId}
        {task.status === 'aborted' || task.status === 'failed' ? ` (${task.status})` : ''}
      </text>
    </g>
  );
}
