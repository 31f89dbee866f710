import type { TraceLine } from '@oncue/core/trace';
import { eventLines } from './event_line.ts';
import { legendLines, sceneLines } from './lanes.ts';
import { createPalette } from './palette.ts';
import { Redraw } from './redraw.ts';
import type { RunView } from './run_view.ts';
import { summaryLines } from './summary.ts';

/** How often a live screen is drawn, in ms: smooth enough, without delaying the agent. */
const REDRAW_INTERVAL_MS = 80;

/** The minimum width; lines wrap on a narrower screen. */
const LEAST_COLUMNS = 80;

/** The maximum width; wider lanes are not easier to read. */
const MOST_COLUMNS = 132;

/** The width of output to a file or another program. */
const PIPED_COLUMNS = 100;

/** Shows a run. */
export interface Screen {
  /** Shows a line. Call it after `view` has taken the line. */
  show(line: TraceLine): void;
  /** Shows the summary at the end of the run. */
  finish(): void;
  /** Restores the terminal in the middle of a run. */
  abandon(): void;
}

/** The options of a screen. */
export interface ScreenOptions {
  readonly view: RunView;
  readonly stream: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for a replay, which draws each scene once, at its end. */
  readonly isLive: boolean;
}

/** A screen that is redrawn on a terminal; elsewhere, lines that are only appended. */
export function createScreen(options: ScreenOptions): Screen {
  const { stream, env } = options;
  return stream.isTTY && env['TERM'] !== 'dumb' ? drawnScreen(options) : printedScreen(options);
}

function printedScreen({ view, stream }: ScreenOptions): Screen {
  const palette = createPalette(false);
  const print = (lines: readonly string[]): void => {
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  return {
    show: (line) => print(eventLines(line, view)),
    finish: () => print(['', ...summaryLines(view, { columns: PIPED_COLUMNS, palette })]),
    abandon: () => {},
  };
}

function drawnScreen({ view, stream, env, isLive }: ScreenOptions): Screen {
  // As https://no-color.org says: set and not empty.
  const palette = createPalette(!env['NO_COLOR']);
  const frame = new Redraw(stream);
  const giveBack = (): void => frame.keep();
  process.once('exit', giveBack);
  const options = (): { columns: number; palette: typeof palette } => {
    const columns = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, stream.columns)) - 2;
    return { columns, palette };
  };
  const draw = (place: number, tail: readonly string[] = []): void => {
    const scene = view.scenes[place];
    if (scene) frame.draw([...sceneLines(scene, options()), '', ...tail]);
  };
  let drawnScene = -1;
  const settle = (): void => {
    if (drawnScene < 0) return;
    draw(drawnScene);
    frame.keep();
    drawnScene = -1;
  };
  // The terminal has wrapped what was drawn for the old width, so it cannot be overwritten.
  stream.on('resize', giveBack);
  const footer = (): string[] => {
    const seconds = ((view.lastAtMs - (view.startedAtMs ?? 0)) / 1000).toFixed(1);
    return [palette.dim(`  ${seconds} s   Ctrl-C stops`)];
  };
  const redraw = (): void => {
    if (drawnScene >= 0) draw(drawnScene, footer());
  };
  stream.write(`${legendLines(palette).join('\n')}\n`);
  const timer = isLive ? setInterval(redraw, REDRAW_INTERVAL_MS) : undefined;
  return {
    show: () => {
      if (view.scenes.length - 1 !== drawnScene && view.scene && !view.scene.isOver) {
        settle();
        drawnScene = view.scenes.length - 1;
      }
    },
    finish: () => {
      clearInterval(timer);
      stream.off('resize', giveBack);
      settle();
      stream.write(`${summaryLines(view, options()).join('\n')}\n`);
    },
    abandon: () => {
      clearInterval(timer);
      frame.keep();
    },
  };
}
