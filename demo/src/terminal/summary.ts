import { SKIP_REASON_TEXT } from '@oncue/core/trace';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { type Figures, figuresOf, medianOf, statusOf } from '../judge/figures.ts';
import { faultsOf } from '../judge/verdict.ts';
import type { Palette } from './palette.ts';
import type { ResponseView, RunView, SceneView } from './run_view.ts';
import { inSeconds, signed } from './wording.ts';

/** The options of the summary. */
export interface SummaryOptions {
  readonly columns: number;
  readonly palette: Palette;
}

interface Column {
  readonly head: string;
  readonly width: number;
  readonly digits: number;
  readonly of: (figures: Figures) => number | undefined;
}

const FIGURE_COLUMNS: readonly Column[] = [
  { head: 'start', width: 7, digits: 2, of: (figures) => figures.startErrorMs },
  { head: 'event', width: 7, digits: 1, of: (figures) => figures.eventAfterMs },
  { head: 'task', width: 7, digits: 1, of: (figures) => figures.taskAfterMs },
  { head: 'state', width: 7, digits: 1, of: (figures) => figures.handlerAfterMs },
  { head: 'LiveKit', width: 8, digits: 1, of: (figures) => figures.stockAfterMs },
  { head: 'gap', width: 6, digits: 1, of: (figures) => figures.gapMs },
];

const FIGURES_WIDTH = FIGURE_COLUMNS.reduce((sum, { width }) => sum + width, 0);
const LABEL_WIDTH = 6;
const STATUS_WIDTH = 9;
const LEAST_TEXT_WIDTH = 12;
const TOTAL_WIDTH = 17;

/** The table of a run and its verdict. */
export function summaryLines(view: RunView, options: SummaryOptions): string[] {
  const { palette } = options;
  const isMeasured = view.scenes.some((scene) => scene.responses.some(({ found }) => found));
  return [
    ...(isMeasured ? measuredTable(view, options) : plainTable(view, options)),
    '',
    ...totals(view, isMeasured).flatMap(([name, text]) => hanging(name, text, options)),
    '',
    ...verdictLines(view, palette),
  ];
}

function measuredTable(view: RunView, { columns, palette }: SummaryOptions): string[] {
  const fixed = LABEL_WIDTH + FIGURES_WIDTH + STATUS_WIDTH;
  const textWidth = Math.max(LEAST_TEXT_WIDTH, Math.min(columns, 120) - fixed);
  const blank = ' '.repeat(LABEL_WIDTH + textWidth);
  const heads = FIGURE_COLUMNS.map(({ head, width }) => head.padStart(width)).join('');
  const title = palette.strong('  Heard, and when'.padEnd(blank.length));
  const rows = view.scenes.flatMap((scene) =>
    scene.responses.map((response) => {
      const label = `  ${response.label}`.padEnd(LABEL_WIDTH);
      const text = shorten(response.text.trim() || '(empty)', textWidth - 1).padEnd(textWidth);
      return `${label}${text}${figureCells(scene, response, palette)}${statusCell(response, palette)}`;
    }),
  );
  return [
    `${title}${palette.dim('ms from the true first sample'.padStart(FIGURES_WIDTH - 6))}`,
    `${blank}${palette.dim(heads)}`,
    ...rows,
  ];
}

function figureCells(scene: SceneView, response: ResponseView, palette: Palette): string {
  if (response.skipped) {
    const why = shorten(SKIP_REASON_TEXT[response.skipped.reason], FIGURES_WIDTH - 2);
    return palette.dim(why.padStart(FIGURES_WIDTH));
  }
  const figures = figuresOf(scene, response);
  return FIGURE_COLUMNS.map(({ head, width, digits, of }) => {
    const value = of(figures);
    if (value === undefined) return palette.dim('\u2013'.padStart(width));
    const text = (head === 'gap' ? value.toFixed(digits) : signed(value, digits)).padStart(width);
    return head === 'LiveKit' ? palette.dim(text) : text;
  }).join('');
}

function statusCell(response: ResponseView, palette: Palette): string {
  const status = statusOf(response);
  return `  ${palette.status(status)(status)}`;
}

/** The table of a trace without a recording, from its own events. */
function plainTable(view: RunView, { columns, palette }: SummaryOptions): string[] {
  const textWidth = Math.max(LEAST_TEXT_WIDTH, Math.min(columns, 120) - LABEL_WIDTH - 40);
  const rows = view.scenes
    .flatMap((scene) => scene.responses)
    .map((response) => {
      const text = shorten(response.text.trim() || '(empty)', textWidth - 1).padEnd(textWidth);
      const heard = response.finished ? inSeconds(response.finished.heardMs) : '\u2013';
      const evidence = response.started?.evidence ?? '\u2013';
      const cells = `${heard.padStart(10)}${evidence.padStart(12)}`;
      return `${`  ${response.label}`.padEnd(LABEL_WIDTH)}${text}${cells}${statusCell(response, palette)}`;
    });
  const heads = `${'heard'.padStart(10)}${'evidence'.padStart(12)}`;
  const title = palette.strong('  Heard, and when'.padEnd(LABEL_WIDTH + textWidth));
  return [`${title}${palette.dim(heads)}`, ...rows];
}

function totals(view: RunView, isMeasured: boolean): [string, string][] {
  const all = view.scenes.flatMap((scene) =>
    scene.responses.map((response) => ({ scene, response })),
  );
  const responses = all.map(({ response }) => response);
  const count = (status: string): number =>
    responses.filter((response) => statusOf(response) === status).length;
  const ends = ['heard', 'cut', 'failed', 'skipped', 'playing', 'sent', 'waiting']
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  const twice = responses.filter(
    ({ startCount, endCount }) => startCount > 1 || endCount > 1,
  ).length;
  const starts = view.startOrder.length;
  const lines: [string, string][] = [['responses', `${responses.length}: ${ends.join(', ')}`]];
  if (!isMeasured) return [...lines, ['start events', `${starts}, of them ${twice} twice`]];

  const sounds = responses.filter(({ found }) => found).length;
  const missing = responses.filter(({ found, started }) => found && !started).length;
  const stray = responses.filter(({ found, started }) => !found && started).length;
  lines.push([
    'start events',
    `${starts} for ${sounds} sounds: ${missing} missing, ${stray} without a sound, ${twice} twice`,
  ]);
  const figures = all.map(({ scene, response }) => figuresOf(scene, response));
  const values = (of: Column['of']): number[] => figures.map(of).filter((one) => one !== undefined);
  const spread = (of: Column['of']): string => spreadOf(values(of));
  lines.push(['background task', `${spread(({ taskAfterMs }) => taskAfterMs)} ms`]);
  lines.push([
    'LiveKit\u2019s own',
    `${spread(({ stockAfterMs }) => stockAfterMs)} ms, at its first frame`,
  ]);
  const gaps = values(({ gapMs }) => gapMs);
  if (gaps.length > 0)
    lines.push([
      'gap in a turn',
      `at most ${Math.max(...gaps).toFixed(1)} ms of silence between two responses`,
    ]);
  return [...lines, ...underruns(responses)];
}

/** Responses with silence inside, because audio reached the device too late. Nothing is lost. */
function underruns(responses: readonly ResponseView[]): [string, string][] {
  const broken = responses.filter(({ measured }) => measured && measured.silentSamples > 0);
  if (broken.length === 0) return [];
  const which = broken.map(({ label }) => label).join(', ');
  return [['underrun', `${which}: this machine was too busy to send in time`]];
}

/** A name and its text, wrapped. */
function hanging(name: string, text: string, { columns, palette }: SummaryOptions): string[] {
  const width = Math.max(LEAST_TEXT_WIDTH, columns - TOTAL_WIDTH - 2);
  return wrapAnsi(text, width)
    .split('\n')
    .map((line, place) => `  ${palette.dim((place === 0 ? name : '').padEnd(TOTAL_WIDTH))}${line}`);
}

function spreadOf(values: readonly number[]): string {
  const median = medianOf(values);
  if (median === undefined) return '\u2013';
  return `median ${signed(median, 1)}, from ${signed(Math.min(...values), 1)} to ${signed(Math.max(...values), 1)}`;
}

function verdictLines(view: RunView, palette: Palette): string[] {
  const faults = faultsOf(view);
  if (faults.length > 0) return faults.map((fault) => `  ${palette.bad('\u2717')} ${fault}`);
  const what = 'Nothing was lost, nothing fired twice, everything came in order.';
  return [`  ${palette.good('\u2713')} ${what}`];
}

/** Shortens a text to a width in columns; a shortened text ends in an ellipsis. */
function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}\u2026`;
}
