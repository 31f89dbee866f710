import type { JSX } from 'preact';
import { millis, seconds, signedMillis } from '../model/format.ts';
import type { EndView, ResponseView, StartView } from '../model/response_view.ts';
import { outcomeWords } from '../model/response_words.ts';
import type { TraceModel } from '../model/trace_model.ts';

interface TipProps {
  readonly response: ResponseView;
  readonly model: TraceModel;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const TIP_WIDTH = 350;

/** The numbers of a response, beside the pointer. */
export function ResponseTip({ response, model, x, y, width }: TipProps): JSX.Element {
  const left = Math.max(4, Math.min(x + 14, width - TIP_WIDTH - 4));
  return (
    <div class="tip" style={{ left: `${left}px`, top: `${y + 16}px`, width: `${TIP_WIDTH}px` }}>
      <p>
        <strong>{response.title}</strong> {outcomeWords(response)}
      </p>
      <ResponseNumbers response={response} startMs={model.startMs} />
    </div>
  );
}

/** The numbers of a response, each with its source. */
export function ResponseNumbers({
  response,
  startMs,
}: {
  readonly response: ResponseView;
  readonly startMs: number;
}): JSX.Element {
  return (
    <dl class="numbers">
      {rowsOf(response, startMs).map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type Row = readonly [name: string, value: string, note?: string];

function rowsOf(response: ResponseView, zeroMs: number): Row[] {
  const { written, sent, start, truthMs } = response;
  const rows: Row[] = [];
  if (written)
    rows.push([
      'written',
      seconds(written.startMs - zeroMs),
      `took ${millis(written.endMs - written.startMs)}`,
    ]);
  if (sent)
    rows.push(['sent', seconds(sent.startMs - zeroMs), `${millis(response.sentMs)} of sound`]);
  if (start) {
    rows.push(['heard', seconds(start.startedAtMs - zeroMs), evidenceOf(start)]);
    if (sent) {
      const earlyMs = sent.startMs - start.startedAtMs;
      rows.push([
        'first frame',
        signedMillis(earlyMs),
        'LiveKit’s own event, relative to the sound',
      ]);
    }
    rows.push(['length', millis(response.heardMs), `of ${millis(response.sentMs)} sent`]);
  }
  rows.push(...endRows(response, zeroMs));
  if (start && truthMs !== undefined)
    rows.push([
      'error',
      signedMillis(start.startedAtMs - truthMs),
      'event relative to the page’s own audio',
    ]);
  for (const { name, reachedAtMs, errorBoundMs } of response.marks)
    rows.push(['mark', seconds(reachedAtMs - zeroMs), `“${name}” ±${millis(errorBoundMs)}`]);
  for (const task of response.tasks) {
    const afterMs = task.startedAtMs - (truthMs ?? start?.startedAtMs ?? task.startedAtMs);
    const name = response.taskTitle ?? task.taskId;
    rows.push(['task', signedMillis(afterMs), `“${name}” after the sound, ${task.status}`]);
  }
  if (response.heardTextSource !== undefined)
    rows.push([
      'heard text',
      response.heardTextSource === 'word_timings'
        ? 'from word times'
        : 'in proportion to the audio',
    ]);
  if (response.detail !== undefined) rows.push(['reason', response.detail]);
  return rows;
}

function endRows({ end }: ResponseView, zeroMs: number): Row[] {
  return end ? [['sound ended', seconds(end.endedAtMs - zeroMs), evidenceOf(end)]] : [];
}

function evidenceOf({ evidence, errorBoundMs }: StartView | EndView): string {
  return `${evidence} ±${millis(errorBoundMs)}`;
}
