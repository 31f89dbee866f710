import pc from 'picocolors';
import type { Paint } from './cells.ts';

/** The colours, by meaning. */
export interface Palette {
  readonly strong: Paint;
  readonly dim: Paint;
  readonly accent: Paint;
  readonly user: Paint;
  readonly sent: Paint;
  readonly heard: Paint;
  readonly task: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly state: (state: string) => Paint;
  readonly status: (status: string) => Paint;
}

/** @param hasColor If false, no text is coloured. */
export function createPalette(hasColor: boolean): Palette {
  const colors = pc.createColors(hasColor);
  const states: Readonly<Record<string, Paint>> = {
    thinking: colors.yellow,
    speaking: colors.green,
    listening: colors.cyan,
  };
  const statuses: Readonly<Record<string, Paint>> = {
    playing: colors.green,
    cut: colors.red,
    failed: colors.red,
    skipped: colors.yellow,
  };
  return {
    strong: colors.bold,
    dim: colors.dim,
    accent: colors.cyan,
    user: colors.magenta,
    sent: colors.blue,
    heard: colors.green,
    task: colors.yellow,
    good: colors.green,
    bad: colors.red,
    state: (state) => states[state] ?? colors.dim,
    status: (status) => statuses[status] ?? colors.dim,
  };
}
