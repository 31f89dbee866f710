import type { AgentMs } from '@oncue/core';
import { expect, it } from 'vitest';
import { PlayedRuns } from '../../src/output/played_runs.ts';
import { at, NONE, pause, RATE_HZ, runsOf } from '../support/played_runs.ts';

it('[LK18] is one run where the positions lie on a line, give or take what they are off', () => {
  expect(
    runsOf([
      [0, 100],
      [50, 152],
      [400, 498],
      [900, 1001],
    ]),
  ).toEqual([[0, 900, 100]]);
});

it('[LK18] splits a run at the pause between two positions, wherever in between that was', () => {
  const breaks = { leaves: [at(0, 0)], pauses: [pause(530, 1530)] };

  expect(
    runsOf(
      [
        [0, 100],
        [400, 500],
        [450, 1550],
        [900, 2000],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 430, 100],
    [430, 900, 1530],
  ]);
});

it('[LK18] splits a run where nothing was left to play, by when audio left', () => {
  const breaks = { leaves: [at(0, 80), at(300, 700), at(600, 1300)], pauses: [] };

  expect(
    runsOf(
      [
        [0, 100],
        [900, 1620],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 600, 720],
    [600, 900, 1320],
  ]);
});

it('[LK18] takes what is new for the last that sounded, where the break is not known', () => {
  expect(
    runsOf([
      [0, 100],
      [300, 400],
      [350, 5000],
      [600, 5250],
    ]),
  ).toEqual([
    [0, 300, 100],
    [300, 600, 4950],
  ]);
});

it('[LK18] overlaps no two runs when all the breaks that are known are longer than the time', () => {
  const breaks = { leaves: [at(0, 100), at(300, 9000)], pauses: [pause(150, 700)] };
  const runs = runsOf(
    [
      [0, 100],
      [600, 1000],
    ],
    breaks,
  );

  for (const [index, run] of runs.entries()) {
    const [from = 0, until = 0, startMs = 0] = run;
    const nextStartMs = runs[index + 1]?.[2] ?? 1001;
    expect(startMs + until - from).toBeLessThanOrEqual(nextStartMs);
  }
  expect(runs.at(-1)?.[1]).toBe(600);
});

it('[LK18] moves a run whose start was said too late, and tells of each once', () => {
  expect(
    runsOf([
      [0, 300],
      [100, 200],
      [100, 200],
      [500, 600],
    ]),
  ).toEqual([[0, 500, 100]]);
});

it('[LK18] says how far it was played, and nothing before it begins', () => {
  const runs = new PlayedRuns(RATE_HZ, () => {});
  expect(runs.until).toBeUndefined();
  runs.begin({ samples: 0, atMs: 100 as AgentMs });
  expect(runs.until).toEqual({ samples: 0, atMs: 100 });
  runs.playedUntil({ samples: 50, atMs: 150 as AgentMs }, NONE);

  expect(runs.until).toEqual({ samples: 50, atMs: 150 });
});

it('[LK18] of which the first position comes in the middle began as long before as it has played', () => {
  expect(
    runsOf([
      [400, 1000],
      [600, 1200],
    ]),
  ).toEqual([[0, 600, 600]]);
});

it('[LK18] tells nothing of what never sounded', () => {
  expect(runsOf([])).toEqual([]);
  expect(runsOf([[0, 100]])).toEqual([]);
});

it('[LK18] takes a position that says no more than the one before for no news', () => {
  expect(
    runsOf([
      [0, 100],
      [300, 400],
      [300, 900],
      [200, 950],
      [400, 1000],
    ]),
  ).toEqual([
    [0, 300, 100],
    [300, 400, 900],
  ]);
});

it('[LK18] bears 40 ms, later or earlier, and not more', () => {
  const runsWith = (secondMs: number) =>
    runsOf([
      [0, 100],
      [300, secondMs],
    ]);

  expect(runsWith(440)).toEqual([[0, 300, 100]]);
  expect(runsWith(441)).toEqual([[0, 300, 141]]);
  expect(runsWith(360)).toEqual([[0, 300, 100]]);
  expect(runsWith(359)).toEqual([[0, 300, 59]]);
});

it('[LK18] takes no pause that was over before the last position, nor one that began before it', () => {
  const breaks = {
    leaves: [at(0, 100)],
    pauses: [pause(150, 250), pause(390, 420), pause(700, 900)],
  };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [800, 1100],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 600, 100],
    [600, 800, 900],
  ]);
});

it('[LK18] takes the pause that begins at the last position', () => {
  const breaks = { leaves: [at(0, 100)], pauses: [pause(400, 700)] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [500, 900],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 500, 700],
  ]);
});

it('[LK18] takes a break in what left, if it comes before a pause or at its beginning', () => {
  const breaks = { leaves: [at(0, 100), at(300, 600)], pauses: [pause(400, 500), pause(750, 950)] };

  expect(
    runsOf(
      [
        [0, 100],
        [600, 1100],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 450, 600],
    [450, 600, 950],
  ]);
});

it('[LK18] takes a pause before a break in what left', () => {
  const breaks = { leaves: [at(0, 100), at(300, 600)], pauses: [pause(200, 250)] };

  expect(
    runsOf(
      [
        [0, 100],
        [600, 900],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 100, 100],
    [100, 300, 250],
    [300, 600, 600],
  ]);
});

it('[LK18] counts a break in what left from the last position, not from the start', () => {
  const breaks = { leaves: [at(0, 100), at(500, 800)], pauses: [] };

  expect(
    runsOf(
      [
        [0, 120],
        [400, 520],
        [700, 1020],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 500, 120],
    [500, 700, 820],
  ]);
});

it('[LK18] takes no break in what left that lies at the position or after it', () => {
  const breaks = { leaves: [at(0, 100), at(500, 600)], pauses: [] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [500, 900],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 500, 700],
  ]);
});

it('[LK18] takes no pause that would begin after all that is known to have sounded', () => {
  const breaks = { leaves: [], pauses: [pause(700, 800)] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [500, 900],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 500, 700],
  ]);
});

it('[LK18] knows the way to the listener from what left last, after a break before the last position', () => {
  const breaks = { leaves: [at(0, 50), at(200, 400), at(400, 800)], pauses: [] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 550],
        [600, 1050],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 200, 100],
    [200, 400, 450],
    [400, 600, 850],
  ]);
});
