// Tests for SPEC.md, LK18: where a run ends and the next begins, to the ms.
import type { AgentMs } from '@oncue/core';
import { expect, it } from 'vitest';
import { PlayedRuns } from '../../src/output/played_runs.ts';
import { at, NONE, pause, RATE_HZ, runsOf } from '../support/played_runs.ts';

it('[LK18] of which one position is known, however short, began as long before as it has played', () => {
  expect(runsOf([[400, 1000]])).toEqual([[0, 400, 600]]);
  expect(runsOf([[20, 1000]])).toEqual([[0, 20, 980]]);
});

it('[LK18] has not begun by a position of no samples, and goes on no more after its end', () => {
  const told: number[] = [];
  const runs = new PlayedRuns(RATE_HZ, ({ samples }) => told.push(samples));
  runs.playedUntil({ samples: 0, atMs: 100 as AgentMs }, NONE);
  expect(runs.until).toBeUndefined();
  runs.playedUntil({ samples: 50, atMs: 150 as AgentMs }, NONE);
  runs.end();
  runs.playedUntil({ samples: 90, atMs: 190 as AgentMs }, NONE);
  runs.end();

  expect(told).toEqual([50]);
});

it('[LK18] counts from the position that was new, not from its repetition', () => {
  expect(
    runsOf([
      [0, 100],
      [300, 400],
      [300, 900],
      [400, 970],
    ]),
  ).toEqual([
    [0, 300, 100],
    [300, 400, 870],
  ]);
});

it('[LK18] has no break where what two positions are off adds up: the whole run is later', () => {
  expect(
    runsOf([
      [0, 100],
      [300, 420],
      [500, 660],
    ]),
  ).toEqual([[0, 500, 160]]);
});

it('[LK18] takes no pause of no length at the last position, and the pause after it', () => {
  const breaks = { leaves: [at(0, 100)], pauses: [pause(400, 400), pause(450, 650)] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [500, 800],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 350, 100],
    [350, 500, 650],
  ]);
});

it('[LK18] takes no pause that begins when all that is known has sounded', () => {
  const breaks = { leaves: [], pauses: [pause(600, 800)] };

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

it('[LK18] takes the pause that begins at the last position, and then the break in what left', () => {
  const breaks = { leaves: [at(0, 100), at(400, 950)], pauses: [pause(400, 700)] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 400],
        [600, 1150],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 400, 700],
    [400, 600, 950],
  ]);
});

it('[LK18] goes on after a break in what left, and stops for the pause after it', () => {
  const breaks = { leaves: [at(0, 100), at(500, 800)], pauses: [pause(900, 1000)] };

  expect(
    runsOf(
      [
        [0, 120],
        [400, 520],
        [700, 1120],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 500, 120],
    [500, 580, 820],
    [580, 700, 1000],
  ]);
});

it('[LK18] knows the way to the listener after a break by what left after it', () => {
  const breaks = { leaves: [at(0, 50), at(200, 400), at(400, 800)], pauses: [pause(900, 1000)] };

  expect(
    runsOf(
      [
        [0, 100],
        [300, 550],
        [600, 1150],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 200, 100],
    [200, 400, 450],
    [400, 450, 850],
    [450, 600, 1000],
  ]);
});

it('[LK18] knows the way to the listener by what had sounded, not by what leaves at that place', () => {
  const breaks = { leaves: [at(0, 50), at(200, 400), at(400, 800)], pauses: [pause(900, 1000)] };

  expect(
    runsOf(
      [
        [0, 100],
        [200, 300],
        [600, 1150],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 400, 100],
    [400, 450, 850],
    [450, 600, 1000],
  ]);
});
