import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { drawnSoundEndMs } from '../model/lanes.ts';
import type { ResponseView, TaskView } from '../model/response_view.ts';
import { shortOutcomeWords } from '../model/response_words.ts';
import { HEARD_HEIGHT, HEARD_TOP, TITLE_TOP } from './geometry.ts';
import { HeardBar } from './heard_bar.tsx';

const WRITTEN_TOP = 22;
const SENT_TOP = 32;
const TASK_TOP = 78;

interface Props {
  readonly response: ResponseView;
  readonly top: number;
  /** The instant at the left end of the drawing, from which `toX` counts. */
  readonly fromMs: number;
  readonly toX: (atMs: number) => number;
  readonly pxPerMs: number;
  readonly isSelected: boolean;
  /** Its title is drawn at the left edge of the panel instead. */
  readonly isPinned: boolean;
  /** 0 if the response no longer changes with time. */
  readonly nowMs: number;
  /** Of the words in the bar. */
  readonly type: { readonly size: number; readonly charWidth: number };
}

/** One response: what was written, sent and heard, and its tasks. Drawn again only when it changes. */
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
      <HeardBar {...props} />
      {response.marks.map(({ name, reachedAtMs }) => (
        <Mark key={reachedAtMs} name={name} x={toX(reachedAtMs)} />
      ))}
      {response.tasks.map((task) => (
        <Task key={task.taskId} task={task} title={response.taskTitle} {...props} />
      ))}
    </g>
  );
}

/** The title of a response and its outcome. */
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
        {shortOutcomeWords(response)}
      </tspan>
    </text>
  );
}

/** An invisible area to point at. */
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

function Mark({ name, x }: { readonly name: string; readonly x: number }): JSX.Element {
  return (
    <g class="mark">
      <path d={`M${x} ${HEARD_TOP - 2}l4-6h-8z`} />
      <line x1={x} x2={x} y1={HEARD_TOP - 2} y2={HEARD_TOP + HEARD_HEIGHT} />
      <title>{`mark “${name}”`}</title>
    </g>
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
