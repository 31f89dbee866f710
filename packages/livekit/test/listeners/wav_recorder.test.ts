import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { expect, it } from 'vitest';
import { LocalDevice } from '../../src/listeners/local/local_device.ts';
import { WavRecorder } from '../../src/listeners/local/wav_recorder.ts';

const A = 'a' as ResponseId;

function recordTwoBursts(): WavRecorder {
  const clock = new ManualClock();
  const recorder = new WavRecorder(8000);
  const device = new LocalDevice({ clock, sampleRateHz: 8000, onRendered: recorder.add });
  device.open({ message: () => {}, pathEstimated: () => {} });
  clock.advance(10);
  device.write(A, Int16Array.of(1, 2, 3));
  clock.advance(20);
  device.write(A, Int16Array.of(-4, 5));
  clock.advance(20);
  return recorder;
}

it('[LD6] a recording holds the blocks that sounded and the silence between them', () => {
  const recorder = recordTwoBursts();
  const samples = recorder.samples();

  expect(recorder.startsAtMs).toBe(30);
  expect([...samples.entries()].filter(([, sample]) => sample !== 0)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    // 20 ms later, at 8 samples a ms.
    [160, -4],
    [161, 5],
  ]);
});

it('[LD6] a recording is written as 16 bit PCM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oncue-'));
  const recorder = recordTwoBursts();

  recorder.save(join(folder, 'heard.wav'));
  const file = readFileSync(join(folder, 'heard.wav'));
  rmSync(folder, { recursive: true });

  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.toString('latin1', 8, 16)).toBe('WAVEfmt ');
  expect(file.readUInt32LE(24)).toBe(8000);
  expect(file.readUInt32LE(40)).toBe(recorder.samples().length * 2);
  expect(file.readInt16LE(44 + 160 * 2)).toBe(-4);
});

it('[LD6] a recording without a block is empty', () => {
  const recorder = new WavRecorder(8000);

  expect(recorder.samples()).toHaveLength(0);
  expect(recorder.startsAtMs).toBe(0);
});
