import type { AgentMs, ResponseId } from '@oncue/core';
import { decodeSound, speechBandKernel } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { Fingerprints } from '../../../src/listeners/room/fingerprints.ts';

const RATE_HZ = 24_000;
const ID = 'r' as ResponseId;
const KERNEL = speechBandKernel(RATE_HZ);

/** Noise, loud or nearly silent. */
function noise(durationMs: number, loud = true): Int16Array {
  let seed = 1;
  return Int16Array.from({ length: (durationMs * RATE_HZ) / 1000 }, () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return Math.round((seed / 2_147_483_647 - 0.5) * (loud ? 16_000 : 20));
  });
}

function samplesOf(ms: number): number {
  return (ms * RATE_HZ) / 1000;
}

describe('fingerprints', () => {
  it('[RM3] one is at the start, one soon after it, one about every 600 ms, one near the end', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(2600));
    prints.end();

    const atMs = prints.take(samplesOf(2600), 1000 as AgentMs).map((piece) => piece.atSample / 24);

    expect(atMs[0]).toBe(0);
    expect(atMs[1]).toBeGreaterThanOrEqual(100);
    expect(atMs[1]).toBeLessThanOrEqual(250);
    for (let index = 2; index < atMs.length; index += 1) {
      const gapMs = (atMs[index] ?? 0) - (atMs[index - 1] ?? 0);
      expect(gapMs).toBeGreaterThanOrEqual(150);
      expect(gapMs).toBeLessThanOrEqual(750);
    }
    expect(atMs.at(-1)).toBeGreaterThanOrEqual(2600 - 150 - 150);
    expect(atMs.at(-1)).toBeLessThanOrEqual(2600 - 150);
  });

  it('[RM3] has the instant at which it leaves, and 100 ms of sound, later ones 150 ms', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(1000));

    const [start, second] = prints.take(samplesOf(1000), 5000 as AgentMs);

    expect(start).toMatchObject({ responseId: ID, atSample: 0, leavesAtMs: 5000 });
    expect(second?.leavesAtMs).toBe(5000 + (second?.atSample ?? 0) / 24);
    expect(decodeSound(start?.sound ?? '')).toHaveLength(800);
    expect(decodeSound(second?.sound ?? '')).toHaveLength(1200);
  });

  it('[RM3] silence at the start is skipped', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(200, false));
    prints.write(noise(600));

    const [start] = prints.take(samplesOf(50), 0 as AgentMs);

    expect(start?.atSample).toBeGreaterThan(samplesOf(50));
    expect(start?.atSample).toBeLessThanOrEqual(samplesOf(200));
  });

  it('[RM3] waits until there is enough audio; a response of 90 ms has none', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(80));
    expect(prints.take(samplesOf(80), 0 as AgentMs)).toEqual([]);
    prints.write(noise(30));
    expect(prints.take(samplesOf(110), 0 as AgentMs)).toHaveLength(1);

    const short = new Fingerprints(ID, RATE_HZ, KERNEL);
    short.write(noise(90));
    short.end();
    // Too short to be distinguished from others.
    expect(short.take(samplesOf(90), 0 as AgentMs)).toEqual([]);
  });

  it('[RM3] the second one lies where the sound changes, not in a steady hum', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    const hum = Int16Array.from({ length: samplesOf(230) }, (_, index) =>
      Math.round(9000 * Math.sin((2 * Math.PI * index) / 120)),
    );
    prints.write(hum);
    prints.write(noise(600));

    const [, check] = prints.take(samplesOf(300), 0 as AgentMs);

    expect(check?.atSample).toBeGreaterThanOrEqual(samplesOf(190));
  });

  it('[RM3] a page that joins late still gets those up to the end', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(5000));
    prints.restartAt(samplesOf(3000) + 1);
    const atMs = prints.take(samplesOf(4000), 0 as AgentMs).map((piece) => piece.atSample / 24);
    expect(atMs.length).toBeGreaterThan(1);
    expect(atMs[0]).toBeGreaterThanOrEqual(3000);

    prints.end();
    prints.take(samplesOf(5000), 0 as AgentMs);
    prints.restartAt(samplesOf(5000));
    const tail = prints.take(samplesOf(5000), 0 as AgentMs);
    expect(tail.map((piece) => piece.atSample >= samplesOf(4700))).toEqual([true]);
  });

  it('[RM3] a response that was taken back completely begins again with its start', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(2000));
    const before = prints.take(samplesOf(200), 0 as AgentMs);
    prints.restartAt(0);
    const again = prints.take(samplesOf(200), 0 as AgentMs);

    expect(again.map((piece) => piece.atSample)).toEqual(before.map((piece) => piece.atSample));
    expect(decodeSound(again[0]?.sound ?? '')).toHaveLength(800);
  });

  it('[RM3] each is returned once, and again after a restart', () => {
    const prints = new Fingerprints(ID, RATE_HZ, KERNEL);
    prints.write(noise(3000));
    const first = prints.take(samplesOf(1000), 0 as AgentMs);

    expect(prints.take(samplesOf(1000), 0 as AgentMs)).toEqual([]);
    prints.restartAt(samplesOf(1000));
    const [again] = prints.take(samplesOf(1200), 0 as AgentMs);

    expect(first.length).toBeGreaterThan(1);
    expect(again?.atSample).toBeGreaterThanOrEqual(samplesOf(1000));
  });
});
