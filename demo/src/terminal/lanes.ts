import { cutByText, SKIP_REASON_TEXT } from '@oncue/core/trace';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { figuresOf, statusOf } from '../judge/figures.ts';
import { barBetween, Cells, type Paint } from './cells.ts';
import type { Palette } from './palette.ts';
import { heardPartOf, type ResponseView, type SceneView } from './run_view.ts';
import { inSeconds, signedMs } from './wording.ts';

/** Columns for the names of the lanes. */
const GUTTER = 12;

/** Columns after the lanes, for a figure and its unit. */
const FIGURE = 10;

/** The minimum time span of the lanes, in ms. The same for all scenes, so that their bars can be compared. */
const MIN_SPAN_MS = 8000;

const THIN = { full: '─', leftHalf: '╴', rightHalf: '╶' };
const THICK = { full: '━', leftHalf: '╸', rightHalf: '╺' };

/** The options of a drawn scene. */
export interface LaneOptions {
  readonly columns: number;
  readonly palette: Palette;
}

/** The time axis on the screen. */
interface Axis {
  readonly width: number;
  readonly columnOf: (atMs: number) => number;
  readonly spanMs: number;
}

/** The legend of the lanes, shown once above the first scene. */
export function legendLines(palette: Palette): string[] {
  const { dim } = palette;
  return [
    '',
    `  ${palette.strong('Oncue')}  ${dim('what a listener really hears of a voice agent, live')}`,
    '',
    `  ${palette.sent('───')} ${dim('sent')}   ${palette.heard('━━━')} ${dim('heard')}   ${palette.task('▲')} ${dim('task, and its distance from the true first sample')}`,
    '',
  ];
}

/** Draws one scene: a block for each response, and below them the states on the same time axis. */
export function sceneLines(scene: SceneView, options: LaneOptions): string[] {
  const { palette } = options;
  const axis = axisOf(scene, options.columns);
  const lines: string[] = [];
  if (scene.title !== '')
    lines.push(`  ${palette.accent(String(scene.number))}   ${palette.strong(scene.title)}`);
  if (scene.typed !== undefined) lines.push(row('user', palette.user(scene.typed), palette));
  for (const response of scene.responses)
    lines.push('', ...responseLines(scene, response, axis, options));
  lines.push('');
  if (scene.spoken) lines.push(row('user says', spokenLane(scene, axis, palette), palette));
  for (const [place, lane] of stateLanes(scene, axis, palette).entries())
    lines.push(row(place === 0 ? 'state' : '', lane, palette));
  lines.push(row('', palette.dim(ruler(axis)), palette));
  if (scene.stored?.interrupted) lines.push(...storedLines(scene.stored.text, axis, palette));
  return lines;
}

function axisOf(scene: SceneView, columns: number): Axis {
  const width = Math.max(20, columns - GUTTER - FIGURE);
  const ends = scene.responses.map((one) => soundStartMs(one) + soundMs(one));
  const lastMs = Math.max(scene.lastAtMs, ...ends) - scene.startedAtMs;
  // Grows in steps, because each step moves everything.
  const spanMs = Math.max(MIN_SPAN_MS, Math.ceil(lastMs / 1000) * 1000);
  return {
    width,
    spanMs,
    columnOf: (atMs) => ((atMs - scene.startedAtMs) / spanMs) * width,
  };
}

function responseLines(
  scene: SceneView,
  response: ResponseView,
  axis: Axis,
  { palette }: LaneOptions,
): string[] {
  const status = statusOf(response);
  const [first = '', ...more] = wrapText(response, axis.width, palette);
  const lines = [
    row(response.label, first, palette, palette.status(status)(status), axis.width),
    ...more.map((line) => row('', line, palette)),
  ];
  if (response.skipped) {
    const why = SKIP_REASON_TEXT[response.skipped.reason];
    return [...lines, row('', palette.dim(`never heard: ${why}`), palette)];
  }
  const { taskAfterMs } = figuresOf(scene, response);
  const distance = taskAfterMs === undefined ? '' : signedMs(taskAfterMs);
  const lane = (name: string, body: string, figure: string): string =>
    row(name, body, palette, figure, axis.width);
  return [
    ...lines,
    lane('sent', sentLane(response, axis, palette), palette.dim(lengthOf(response, 'sentSamples'))),
    lane('heard', heardLane(response, axis, palette), lengthOf(response, 'heardSamples')),
    lane('task', taskLane(response, axis, palette), palette.task(distance)),
  ];
}

function lengthOf(response: ResponseView, what: 'sentSamples' | 'heardSamples'): string {
  const samples = response[what];
  return samples === 0 ? '' : inSeconds((samples * 1000) / response.sampleRateHz);
}

/** The text: the heard part bright, the rest dimmed, and a mark at the playhead. */
function wrapText(response: ResponseView, width: number, palette: Palette): string[] {
  const text = response.text.trimEnd();
  if (text === '') return [palette.dim(response.skipped ? '(empty)' : '…')];
  const heard = heardPartOf(response).trimEnd();
  const rest = text.slice(heard.length);
  const isPartly = heard !== '' && rest !== '';
  return wrapAnsi(palette.strong(heard) + (isPartly ? '▏' : '') + palette.dim(rest), width, {
    hard: true,
  }).split('\n');
}

/** The sent audio, drawn where it sounds, after dots for the time it waits. */
function sentLane(response: ResponseView, axis: Axis, palette: Palette): string {
  const cells = new Cells(axis.width);
  const { firstSentAtMs } = response;
  if (firstSentAtMs === undefined) return '';
  const startMs = soundStartMs(response);
  const bar = barBetween(axis.columnOf(startMs), axis.columnOf(startMs + soundMs(response)), THIN);
  for (let column = Math.round(axis.columnOf(firstSentAtMs)); column < bar.column; column += 1)
    cells.put(column, '·', palette.dim);
  cells.put(bar.column, bar.text, palette.sent);
  return cells.toString();
}

function heardLane(response: ResponseView, axis: Axis, palette: Palette): string {
  const cells = new Cells(axis.width);
  if (!response.started) return '';
  const startMs = response.started.startedAtMs;
  const lengthMs = (response.heardSamples * 1000) / (response.sampleRateHz || 1);
  const bar = barBetween(axis.columnOf(startMs), axis.columnOf(startMs + lengthMs), THICK);
  cells.put(bar.column, bar.text, palette.heard);
  if (response.finished?.interrupted) {
    const { cutBy } = response.finished;
    const by = `cut by ${cutByText(cutBy)}`;
    cells.put(bar.column + bar.text.length, `╳ ${by}`, palette.bad);
  }
  return cells.toString();
}

function taskLane(response: ResponseView, axis: Axis, palette: Palette): string {
  const cells = new Cells(axis.width);
  const [run] = response.taskRuns;
  if (!run) return '';
  // Placed like a bar, so that it is below the start of the heard bar.
  const at = axis.columnOf(run.atMs);
  const column = Math.min(axis.width - 1, barBetween(at, at, THICK).column);
  putBeside(cells, axis.width, column, { mark: '▲', text: run.name }, palette.task);
  return cells.toString();
}

function spokenLane(scene: SceneView, axis: Axis, palette: Palette): string {
  const cells = new Cells(axis.width);
  const { spoken } = scene;
  if (!spoken) return '';
  const endMs = Math.min(spoken.atMs + spoken.lengthMs, scene.lastAtMs);
  const bar = barBetween(axis.columnOf(spoken.atMs), axis.columnOf(endMs), THICK);
  const label = { mark: bar.text, text: `\u201c${spoken.text}\u201d` };
  putBeside(cells, axis.width, bar.column, label, palette.user);
  return cells.toString();
}

/** Writes a text right of its mark, or left of it if there is no space on the right. */
function putBeside(
  cells: Cells,
  width: number,
  column: number,
  { mark, text }: { readonly mark: string; readonly text: string },
  paint: Paint,
): void {
  cells.put(column, mark, paint);
  const right = column + mark.length + 1;
  const fitsRight = right + stringWidth(text) <= width;
  cells.put(fitsRight ? right : Math.max(0, column - stringWidth(text) - 1), text, paint);
}

/**
 * Each state from its start, with as much of its name as fits.
 *
 * A state shorter than one column gets a row below: between two answers without a pause, handlers see the queued state
 * but it is too short to draw.
 */
function stateLanes(scene: SceneView, axis: Axis, palette: Palette): string[] {
  const cells = new Cells(axis.width);
  const brief = new Cells(axis.width);
  for (const [index, { state, atMs }] of scene.seenStates.entries()) {
    const nextMs = scene.seenStates[index + 1]?.atMs;
    const column = Math.floor(axis.columnOf(atMs));
    const room = Math.floor(axis.columnOf(nextMs ?? scene.lastAtMs)) - column;
    if (nextMs !== undefined && room < 1) {
      brief.put(column, `╰${state} ${(nextMs - atMs).toFixed(1)} ms`, palette.state(state));
      continue;
    }
    const name = nextMs === undefined ? state : state.slice(0, Math.max(0, room - 2));
    const line = '┄'.repeat(Math.max(0, room - 2 - name.length));
    cells.put(column, `▏${name}${name === '' ? '' : ' '}${line}`, palette.state(state));
  }
  const below = brief.toString();
  return [cells.toString(), ...(below === '' ? [] : [below])];
}

function ruler(axis: Axis): string {
  const cells = new Cells(axis.width);
  for (let second = 0; second * 1000 < axis.spanMs; second += 1)
    cells.put(Math.round((second * 1000 * axis.width) / axis.spanMs), `╵${second} s`);
  return cells.toString();
}

function storedLines(text: string, axis: Axis, palette: Palette): string[] {
  const note = palette.dim('the chat context has for this turn:');
  const quoted = wrapAnsi(`\u201c${text}\u201d`, axis.width, { hard: true }).split('\n');
  return ['', row('stored', note, palette), ...quoted.map((line) => row('', line, palette))];
}

function row(name: string, body: string, palette: Palette, figure = '', width = 0): string {
  const head = `    ${palette.dim(name.padEnd(GUTTER - 4))}${body}`;
  if (figure === '') return head.trimEnd();
  const room = Math.max(0, width - stringWidth(body) + FIGURE - stringWidth(figure));
  return `${head}${' '.repeat(room)}${figure}`;
}

/** When the sound began; before that, when it was sent. */
function soundStartMs(response: ResponseView): number {
  return response.started?.startedAtMs ?? response.firstSentAtMs ?? 0;
}

function soundMs(response: ResponseView): number {
  return (response.sentSamples * 1000) / (response.sampleRateHz || 1);
}
