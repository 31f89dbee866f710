import type { TraceLine } from '@oncue/core/trace';
import { eventLines } from './event_line.ts';
import { legendLines, sceneLines } from './lanes.ts';
import { createPalette } from './palette.ts';
import { Redraw } from './redraw.ts';
import type { RunView } from './run_view.ts';
import { summaryLines } from './summary.ts';

/** How often a live screen is drawn, in ms: often enough to look alive, seldom enough not to delay what it shows. */
const REDRAW_INTERVAL_MS = 80;

/** The narrowest screen that is drawn for; a narrower one wraps. */
const LEAST_COLUMNS = 80;

/** Wider lanes than this are no easier to read. */
const MOST_COLUMNS = 132;

/** Columns of output that goes to a file or another program. */
const PIPED_COLUMNS = 100;

/** Where a run is shown. */
export interface Screen {
  /** Call it when `view` has taken the line. */
  show(line: TraceLine): void;
  /** Ends the run with its summary. */
  finish(): void;
  /** Gives the terminal back as it was, in the middle of a run. */
  abandon(): void;
}

/** How a screen is chosen. */
export interface ScreenOptions {
  readonly view: RunView;
  readonly stream: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for a replay: each scene is drawn once, when it is over. */
  readonly isLive: boolean;
}

/** A redrawn screen on a terminal; lines that are only ever added to, elsewhere. */
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
  // https://no-color.org: set, and not empty.
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
  // What was drawn for another width has been wrapped by the terminal, and cannot be drawn over.
  stream.on('resize', giveBack);
  const footer = (): string[] => {
    const seconds = ((view.lastAtMs - (view.startedAtMs ?? 0)) / 1000).toFixed(1);
    return [palette.dim(`  ${seconds} s   ctrl-c stops`)];
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
