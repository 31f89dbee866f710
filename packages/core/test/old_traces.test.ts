// A trace that version 1 of the format recorded, at commit ac3c8dc, with a scripted listener on a manual clock.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTrace, replayTrace } from '../src/trace/index.ts';

const VERSION_1 = readFileSync(
  new URL('./fixtures/trace_version_1.jsonl', import.meta.url),
  'utf8',
);

describe('a trace of version 1', () => {
  it("[TR4] is read, with today's option names", () => {
    const { header, lines } = parseTrace(VERSION_1);

    expect(header).toMatchObject({ v: 1, options: { maxPathDriftMs: 400, estimateDelayMs: 120 } });
    expect(header.options).not.toHaveProperty('followPathWithinMs');
    expect(lines.length).toBeGreaterThan(100);
  });

  it('[TR4] replays to its recorded events, with every recorded field', () => {
    const { events, firstDifference } = replayTrace(VERSION_1);

    expect(firstDifference).toBeUndefined();
    expect(events).toHaveLength(
      parseTrace(VERSION_1).lines.filter(({ kind }) => kind === 'event').length,
    );
    expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(12);
  });

  it('[TR4] a replay adds the fields that version 1 did not have', () => {
    expect(VERSION_1).not.toContain('endedAtMs');

    const ends = replayTrace(VERSION_1).events.filter(
      ({ type }) => type === 'response_playback_finished',
    );

    expect(ends).toHaveLength(5);
    for (const end of ends) expect(end).toHaveProperty('endedAtMs', expect.any(Number));
  });

  it('[TR4] a heard text that version 1 estimated differently does not count as a difference', () => {
    const cut = /("outcome":"cut".*"heardText":)"[^"]*"/;
    expect(VERSION_1).toMatch(cut);

    expect(replayTrace(VERSION_1.replace(cut, '$1"Take"')).firstDifference).toBeUndefined();
  });

  it.each([
    ['"heardText":"Hello there."', '"heardText":"Hello."'],
    ['"type":"task_finished"', '"type":"task_failed"'],
    ['"outcome":"cut"', '"outcome":"heard"'],
    ['"interrupted":true,"cutBy":"user"', '"interrupted":true,"cutBy":"agent"'],
    ['"outcome":"cut"', '"outcome":"cut","unknown":1'],
  ])('[TR4] a replay finds that %s was recorded as %s', (was, is) => {
    expect(VERSION_1).toContain(was);

    expect(replayTrace(VERSION_1.replace(was, is)).firstDifference).toBeDefined();
  });
});
