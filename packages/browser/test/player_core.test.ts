import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RenderLog } from '../src/player/output/render_log.ts';
import * as MAILBOX from '../src/player/worklet/mailbox_layout.ts';
import { PlayerCore } from '../src/player/worklet/player_core.ts';

const BLOCK = 128;

function counting(from: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, index) => ((from + index) % 30_000) + 1);
}

function renderInto(core: PlayerCore, out: number[]): void {
  const block = new Float32Array(BLOCK);
  core.render(block, out.length);
  for (const sample of block) out.push(sample * 32_768);
}

describe('the ring of the worklet', () => {
  it('[BR6] whatever is written when, each sample comes out once and in order, where the log says', () => {
    const writes = fc.array(fc.nat(400), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(writes, (counts) => {
        const core = new PlayerCore({ capacitySamples: 1000, startSamples: 0, startWaitFrames: 0 });
        const log = new RenderLog();
        const out: number[] = [];
        let written = 0;
        for (const count of counts) {
          const taken = Math.min(count, 1000 - log.bufferedSamples);
          core.write(counting(written, taken));
          written += taken;
          renderInto(core, out);
          log.take(core.mailbox.slice());
        }
        const sounded = out.filter((value) => value !== 0);
        expect(sounded).toEqual([...counting(0, sounded.length)]);
        for (let position = 0; position < sounded.length; position += 37)
          expect(out[log.frameOf(position) ?? -1]).toBe(sounded[position]);
        expect(log.renderedPosition).toBe(sounded.length);
        expect(log.overflowSamples).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('[BR6] what finds no room is counted', () => {
    const core = new PlayerCore({ capacitySamples: 100, startSamples: 0, startWaitFrames: 0 });

    core.write(counting(0, 130));

    expect(core.mailbox[MAILBOX.overflowSamples]).toBe(30);
  });

  it('[BR6] after silence a little is gathered, or waited for; inside a run nothing is', () => {
    const core = new PlayerCore({ capacitySamples: 2000, startSamples: 300, startWaitFrames: 256 });
    const out: number[] = [];
    core.write(counting(0, 50));
    renderInto(core, out);
    core.write(counting(50, 250));
    renderInto(core, out);
    expect(out.slice(0, BLOCK).every((value) => value === 0)).toBe(true);
    expect(out.slice(BLOCK)).toEqual([...counting(0, BLOCK)]);

    const trickle = new PlayerCore({
      capacitySamples: 2000,
      startSamples: 300,
      startWaitFrames: 256,
    });
    const late: number[] = [];
    trickle.write(counting(0, 50));
    for (let block = 0; block < 4; block += 1) renderInto(trickle, late);
    expect(late.indexOf(1)).toBe(2 * BLOCK);
  });

  it('[BR9] a frame count of the context that is stale does not move the log', () => {
    const core = new PlayerCore({ capacitySamples: 2000, startSamples: 0, startWaitFrames: 0 });
    const log = new RenderLog();
    core.write(counting(0, 600));
    for (const currentFrame of [0, 0, 256 + 512, 256 + 512, 512 + 512])
      core.render(new Float32Array(BLOCK), currentFrame);

    log.take(core.mailbox.slice());

    expect(log.frameOf(0)).toBe(512);
  });

  it('[BR9] of more runs than the mailbox keeps, the last are known', () => {
    const core = new PlayerCore({ capacitySamples: 2000, startSamples: 0, startWaitFrames: 0 });
    const log = new RenderLog();
    for (let run = 0; run < MAILBOX.runsKept + 10; run += 1) {
      core.write(counting(0, 1));
      core.render(new Float32Array(BLOCK), run * BLOCK);
    }

    log.take(core.mailbox.slice());

    expect(log.frameOf(9)).toBeUndefined();
    expect(log.frameOf(10)).toBe(10 * BLOCK);
    expect(log.positionAt(10 * BLOCK + 5)).toBe(11);
  });
});
