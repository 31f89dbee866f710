import { expect, it } from 'vitest';
import { eventLines } from '../src/terminal/event_line.ts';
import { createPalette } from '../src/terminal/palette.ts';
import { summaryLines } from '../src/terminal/summary.ts';
import { goodRun, TraceWriter } from './traces.ts';

const options = { columns: 78, palette: createPalette(false) };

it('shows for each response how far everything was from its true first sample', () => {
  const lines = summaryLines(goodRun().view, options);

  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
      Heard, and when                 ms from the true first sample
                                 start  event   task  state LiveKit   gap
      1.1 One moment.             0.00   +2.0   +3.0   +3.0   −25.0     –  heard
      1.2 Here is a longer an…    0.00   +3.0   +4.0   +2.0   −25.0   0.0  cut

      responses        2: 1 heard, 1 cut
      start events     2 for 2 sounds: 0 missing, 0 without a sound, 0 twice
      background task  median +3.5, from +3.0 to +4.0 ms
      LiveKit’s own    median −25.0, from −25.0 to −25.0 ms, at its first frame
      gap in a turn    at most 0.0 ms of silence between two responses

      ✓ Nothing was lost, nothing fired twice, everything came in order.
    "
  `);
});

it('shows every fault instead of the good verdict', () => {
  const trace = new TraceWriter().scene(0, ['heard'], []).declared(0, 'a', 'Hi.').ended(1);
  const lines = summaryLines(trace.view, options).join('\n');

  expect(lines).toContain('✗ 1.1 has 0 end events');
  expect(lines).not.toContain('✓');
});

it('shows a trace of another program from its own events', () => {
  const trace = new TraceWriter()
    .declared(0, 'a', 'Hi.')
    .sent(1, 'a', 1000)
    .started(10, 'a')
    .finished(1010, 'a', { heardMs: 1000, sentMs: 1000, text: 'Hi.' })
    .ended(1011);
  const lines = summaryLines(trace.view, options).join('\n');

  expect(lines).toMatch(/1\.1 Hi\. +1\.00 s +device +heard/);
  expect(lines).toContain('✓');
});

it('prints one line for each event, with the time and the state', () => {
  const printed: string[] = [];
  const trace = goodRun();
  const again = new TraceWriter();
  for (const line of trace.lines) {
    again.view.take(line);
    printed.push(...eventLines(line, again.view));
  }

  expect(`\n${printed.join('\n')}\n`).toMatchInlineSnapshot(`
    "

    ── 1  A scene
      0.001 s              user types: Hello?
      0.002 s  thinking    agent_state_changed: thinking
      1.002 s  thinking    1.1 is heard: “One moment.” (device, ±0.06 ms)
      1.003 s  speaking    agent_state_changed: speaking
      2.000 s  speaking    1.1 heard, 1.00 s
      2.001 s  thinking    agent_state_changed: thinking
      2.003 s  thinking    1.2 is heard: “Here is a longer answer.” (device, ±0.06 ms)
      2.002 s  speaking    agent_state_changed: speaking
      3.000 s  speaking    user says aloud: “Stop.”
      3.500 s  speaking    1.2 cut by the user after 1.50 s of 3.00 s; heard: “Here is a”
      3.501 s  speaking    chat context has: “One moment. Here is a”
      3.502 s  listening   agent_state_changed: listening
      2.000 s  listening   1.1 in the recording; ms from its first sample: startedAtMs 0.00, event +2.0, task +3.0, LiveKit's own event −25.0
      3.500 s  listening   1.2 in the recording; ms from its first sample: startedAtMs 0.00, event +3.0, task +4.0, LiveKit's own event −25.0
    "
  `);
});
