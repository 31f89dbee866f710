import { quantile } from '../../shared/stats.ts';
import type { NetworkScore } from '../score.ts';
import { errorRows, type NetworkErrorRow } from './figures.ts';

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 20;
const ROW = 26;
const HEAD = 34;
const FOOT = 30;

/** The scale, ms. What is outside is drawn at its edge. */
const FROM_MS = -400;
const TO_MS = 200;
const TICK_MS = 100;

const DOT = 2.2;

const STYLE = `
    .ground { fill: #fff; }
    text { font: 12px system-ui, sans-serif; fill: #333; }
    .title { font-weight: 600; }
    .axis { stroke: #888; stroke-opacity: .35; }
    .zero { stroke: #333; }
    .dot { fill-opacity: .3; }
    .median { stroke-width: 2.5; }
    .stock .dot { fill: #c2571a; } .stock .median { stroke: #c2571a; }
    .oncue .dot { fill: #1769aa; } .oncue .median { stroke: #1769aa; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #15181d; } text { fill: #ddd; } .zero { stroke: #ddd; }
      .stock .dot { fill: #f0a06a; } .stock .median { stroke: #f0a06a; }
      .oncue .dot { fill: #74b9f0; } .oncue .median { stroke: #74b9f0; }
    }`;

const SHOWN: Readonly<Record<string, string>> = {
  stock: 'LiveKit alone',
  stock_plus_80: 'LiveKit alone + 80 ms',
  device: 'Oncue: device',
  predicted: 'Oncue: predicted task',
  estimate: 'Oncue: no reporter',
};

/** The errors of each method on each network, a dot a response, as SVG. */
export function plotErrors(scores: readonly NetworkScore[]): string {
  const parts: string[] = [];
  let top = 0;
  for (const score of scores) {
    const rows = errorRows(score).filter(({ name }) => name in SHOWN);
    parts.push(panel(score.run.name, rows, top));
    top += HEAD + rows.length * ROW;
  }
  const height = top + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>Start events: reported minus true start, in ms, by network</title>
  <style>${STYLE}
  </style>
  <rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
${parts.join('\n')}
${axis(top)}
</svg>
`;
}

const x = (ms: number): number => {
  const inside = Math.max(FROM_MS, Math.min(TO_MS, ms));
  return LEFT + ((inside - FROM_MS) * (WIDTH - LEFT - RIGHT)) / (TO_MS - FROM_MS);
};

function panel(network: string, rows: readonly NetworkErrorRow[], top: number): string {
  const bottom = top + HEAD + rows.length * ROW;
  const lines = ticks().map(
    (ms) =>
      `  <line class="${ms === 0 ? 'zero' : 'axis'}" x1="${x(ms)}" x2="${x(ms)}" y1="${top + HEAD - 8}" y2="${bottom - 4}"/>`,
  );
  return [
    `  <text class="title" x="12" y="${top + 22}">${network}</text>`,
    ...lines,
    ...rows.map((row, index) => strip(row, top + HEAD + index * ROW)),
  ].join('\n');
}

function strip({ name, errorsMs }: NetworkErrorRow, top: number): string {
  const middle = top + ROW / 2 - 2;
  const dots = errorsMs.map((errorMs, index) => {
    // Spread sideways, so that dots with the same error do not hide each other.
    const beside = (((index * 7) % 13) - 6) * 0.9;
    return `<circle class="dot" cx="${x(errorMs).toFixed(1)}" cy="${(middle + beside).toFixed(1)}" r="${DOT}"/>`;
  });
  const at = x(quantile(errorsMs, 0.5)).toFixed(1);
  const median =
    errorsMs.length === 0
      ? ''
      : `<line class="median" x1="${at}" x2="${at}" y1="${middle - 9}" y2="${middle + 9}"/>`;
  const side = name.startsWith('stock') ? 'stock' : 'oncue';
  return `  <g class="${side}"><text x="24" y="${middle + 4}">${SHOWN[name]}</text>${dots.join('')}${median}</g>`;
}

function axis(top: number): string {
  const labels = ticks().map(
    (ms) => `  <text x="${x(ms)}" y="${top + 10}" text-anchor="middle">${ms}</text>`,
  );
  const name = `  <text x="${LEFT}" y="${top + 25}">reported minus true start, ms: left of 0 is too early</text>`;
  return [...labels, name].join('\n');
}

function ticks(): number[] {
  const count = (TO_MS - FROM_MS) / TICK_MS;
  return Array.from({ length: count + 1 }, (_, index) => FROM_MS + index * TICK_MS);
}
