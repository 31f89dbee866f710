import { expect, it } from 'vitest';
import { sceneLines } from '../src/terminal/lanes.ts';
import { createPalette } from '../src/terminal/palette.ts';
import type { SceneView } from '../src/terminal/run_view.ts';
import { goodRun, TraceWriter } from './traces.ts';

const options = { columns: 78, palette: createPalette(false) };

const drawn = (trace: TraceWriter): string =>
  sceneLines(trace.view.scene as SceneView, options).join('\n');

it('draws sent, heard, tasks and states on one time axis', () => {
  const screen = drawn(goodRun());

  expect(`\n${screen}\n`).toMatchInlineSnapshot(`
    "
      1   A scene
        user    Hello?

        1.1     One moment.                                                  heard
        sent           ───────                                              1.00 s
        heard          ━━━━━━━                                              1.00 s
        task           ▲ task_of_a                                         +3.0 ms

        1.2     Here is a▏ longer answer.                                      cut
        sent                 ·─────────────────────                         3.00 s
        heard                 ━━━━━━━━━━╸╳ cut by the user                  1.50 s
        task                  ▲ task_of_b                                  +4.0 ms

        user says                     ━━━╸ “Stop.”
        state   ▏think ▏speak ▏speaking ▏listening
                              ╰thinking 1.0 ms
                ╵0 s   ╵1 s   ╵2 s   ╵3 s   ╵4 s   ╵5 s   ╵6 s   ╵7 s

        stored  the chat context has for this turn:
                “One moment. Here is a”
    "
  `);
});

it('shows the heard part of a response that plays, and its playhead', () => {
  const trace = new TraceWriter()
    .scene(0, [], [])
    .declared(0, 'a', 'One two three four.')
    .sent(500, 'a', 1000)
    .started(1000, 'a')
    .progressed(1500, 'a', 500);

  expect(drawn(trace)).toContain('One two▏ three four.');
  expect(drawn(trace)).toMatch(/heard {10}━━━╸ +0\.50 s/);
});

it('shows why a response was never heard, and draws no lanes for it', () => {
  const trace = new TraceWriter().scene(0, [], []).declared(0, 'a', '').skipped(1, 'a', 'no_text');

  expect(drawn(trace)).toMatch(/1\.1 {5}\(empty\) +skipped\n +never heard: it had no text\n/);
});

it('never draws a line wider than the screen', () => {
  const trace = goodRun();
  for (const columns of [60, 78, 118]) {
    const lines = sceneLines(trace.view.scene as SceneView, { ...options, columns });

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

it('extends the axis in whole seconds for a long scene', () => {
  const trace = new TraceWriter().scene(0, [], []).states([0, 'speaking'], [11_200, 'listening']);

  expect(drawn(trace)).toContain('╵11 s');
  expect(drawn(trace)).not.toContain('╵12 s');
});

it('uses colour only if it is enabled', () => {
  const colored = { columns: 78, palette: createPalette(true) };
  const lines = sceneLines(goodRun().view.scene as SceneView, colored);

  expect(lines.join('')).toContain('\u001b[');
  expect(drawn(goodRun())).not.toContain('\u001b[');
});
