import type { Playhead } from '@oncue/core/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { PlayoutLedger, type Receipt } from '../src/player/output/playout_ledger.ts';
import { RenderLog } from '../src/player/output/render_log.ts';
import { PlayerCore } from '../src/player/worklet/player_core.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

const RATE_HZ = 8000;
const BLOCK = 128;
/** From the worklet to the ear. */
const LATENCY_MS = 40;
/** `currentFrame` of the first block: contexts render some blocks before a worklet is there. */
const FIRST_FRAME = 512;

type ResponseId = Playhead['responseId'];
const A = 'a' as ResponseId;
const B = 'b' as ResponseId;

let core: PlayerCore;
let log: RenderLog;
let ledger: PlayoutLedger;
let blocks: number;
/** By how much the output has stepped. */
let stepMs: number;
/** Of what the output's clock says. */
let boundMs: number;

/** The page's clock began with the context's. A block is rendered in an instant, and sounds the latency later. */
const toPage = (frame: number) => ({
  atMs: ((frame * 1000) / RATE_HZ + LATENCY_MS + stepMs) as PageMs,
  errorBoundMs: boundMs,
});
const pageMs = (frame: number): PageMs => toPage(FIRST_FRAME + frame).atMs;

beforeEach(() => {
  core = new PlayerCore({ capacitySamples: 16_000, startSamples: 0, startWaitFrames: 0 });
  log = new RenderLog();
  ledger = new PlayoutLedger(log, toPage);
  blocks = 0;
  stepMs = 0;
  boundMs = 2;
});

function render(count: number): void {
  for (let index = 0; index < count; index += 1) {
    core.render(new Float32Array(BLOCK), FIRST_FRAME + blocks * BLOCK);
    blocks += 1;
  }
  log.take(core.mailbox.slice());
}

function write(responseId: ResponseId, firstSample: number, count: number): Receipt {
  const samples = new Int16Array(count).fill(7);
  const receipt = ledger.receive({ responseId, firstSample, samples });
  if (receipt === 'play') core.write(samples);
  return receipt;
}

function clear(nowMs: PageMs): void {
  ledger.beginClear();
  core.clear();
  log.take(core.mailbox.slice());
  ledger.finishClear(nowMs);
}

describe('reports of the page', () => {
  it('[BR9] a start is reported again when the output is known better: its first readings may be far off', () => {
    boundMs = 1481;
    stepMs = 190;
    ledger.announce(A, 0);
    write(A, 0, 1000);
    render(4);
    const [before] = ledger.takeDue((pageMs(0) + 10) as PageMs);
    stepMs = 0;
    boundMs = 6;
    const [after] = ledger.takeDue((pageMs(0) + 210) as PageMs);

    expect(before).toMatchObject({ startedAtMs: pageMs(0) + 190, errorBoundMs: 1481 });
    expect(after).toMatchObject({ startedAtMs: pageMs(0), errorBoundMs: 6 });
    const [later] = ledger.takeDue((pageMs(0) + 220) as PageMs);
    expect(later?.startedAtMs ?? pageMs(0)).toBe(pageMs(0));
  });

  it('[BR9] a start is reported when it is rendered, with the instant at which it will sound, and again at that instant', () => {
    const start = {
      type: 'playhead',
      responseId: A,
      startedAtMs: pageMs(0),
      heardSamples: 1,
      positionAtMs: pageMs(1),
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 2,
    };
    ledger.announce(A, 0);
    write(A, 0, 1000);
    expect(ledger.takeDue((pageMs(0) - 40) as PageMs)).toEqual([]);
    render(1);

    expect(ledger.takeDue((pageMs(0) - 30) as PageMs)).toEqual([start]);
    expect(ledger.takeDue((pageMs(0) - 0.01) as PageMs)).toEqual([]);
    expect(ledger.nextDueAtMs).toBe(pageMs(0));
    expect(ledger.takeDue(pageMs(0))).toEqual([start]);
  });

  it('[BR9] a start that moves before it sounds is reported again, and one that jitters is not', () => {
    ledger.announce(A, 0);
    write(A, 0, 1000);
    render(1);
    ledger.takeDue(pageMs(-200));
    stepMs = 0.3;
    expect(ledger.takeDue(pageMs(-190))).toEqual([]);

    stepMs = 20;
    const moved = ledger.takeDue(pageMs(-180));

    expect(moved).toMatchObject([{ startedAtMs: pageMs(0), heardSamples: 1 }]);
  });

  it('[BR9] a start directly after a response that still sounds is reported ahead, too', () => {
    ledger.announce(A, 0);
    write(A, 0, 300);
    ledger.end(A, 300);
    ledger.announce(B, 0);
    write(B, 0, 300);
    render(3);
    ledger.takeDue(pageMs(0));

    // Both starts have been reported by then.
    expect(ledger.takeDue(pageMs(200))).toEqual([]);
    expect(ledger.takeDue(pageMs(300))).toMatchObject([
      { responseId: A, phase: 'ended' },
      { responseId: B, phase: 'playing' },
    ]);
  });

  it('[BR9] a start is awaited while samples of the next response have arrived and none is rendered', () => {
    ledger.announce(A, 0);
    expect(ledger.awaitsStart).toBe(false);
    write(A, 0, 300);
    expect(ledger.awaitsStart).toBe(true);
    ledger.announce(B, 0);
    write(B, 0, 300);

    render(1);

    expect(ledger.awaitsStart).toBe(false);
  });

  it('[BR7] a start that was reported ahead sounds although the rest is cleared, and the cut reports it', () => {
    ledger.announce(A, 0);
    write(A, 0, 1000);
    render(1);
    expect(ledger.takeDue(pageMs(-300))).toMatchObject([{ heardSamples: 1 }]);

    clear(pageMs(-200));

    expect(ledger.takeDue(pageMs(-100))).toEqual([]);
    expect(ledger.takeDue(pageMs(128))).toMatchObject([
      { phase: 'cut', heardSamples: 128, startedAtMs: pageMs(0) },
    ]);
  });

  it('[BR9] a position comes every 50 ms, and is the last whole sample that has sounded', () => {
    ledger.announce(A, 0);
    write(A, 0, 1000);
    render(7);
    ledger.takeDue(pageMs(0));
    expect(ledger.takeDue((pageMs(0) + 49) as PageMs)).toEqual([]);

    const [report] = ledger.takeDue((pageMs(0) + 50.1) as PageMs);

    expect(report).toMatchObject({ heardSamples: 400, positionAtMs: pageMs(400) });
  });

  it('[BR9] an end is due when the last sample has sounded; the next response begins in that very instant', () => {
    ledger.announce(A, 0);
    write(A, 0, 300);
    ledger.end(A, 300);
    ledger.announce(B, 0);
    write(B, 0, 300);
    render(3);
    ledger.takeDue(pageMs(0));
    expect(ledger.nextDueAtMs).toBe(pageMs(300));

    const due = ledger.takeDue(pageMs(300));

    expect(due).toMatchObject([
      { responseId: A, phase: 'ended', heardSamples: 300, positionAtMs: pageMs(300) },
      { responseId: B, phase: 'playing', heardSamples: 1, startedAtMs: pageMs(300) },
    ]);
  });

  it('[BR9] a response whose end is not known does not end when it runs dry', () => {
    ledger.announce(A, 0);
    write(A, 0, 100);
    render(4);
    const due = ledger.takeDue((pageMs(0) + 400) as PageMs);
    expect(due).toMatchObject([{ phase: 'playing', heardSamples: 100 }]);

    ledger.end(A, 100);

    expect(ledger.takeDue((pageMs(0) + 410) as PageMs)).toMatchObject([
      { phase: 'ended', heardSamples: 100, positionAtMs: pageMs(100) },
    ]);
    expect(ledger.isIdle).toBe(true);
  });

  it('[BR7] a cut reports what was rendered once it has sounded, and at once what was not rendered', () => {
    ledger.announce(A, 0);
    write(A, 0, 1000);
    ledger.announce(B, 0);
    write(B, 0, 500);
    render(2);
    ledger.takeDue(pageMs(0));

    clear(pageMs(100));

    expect(ledger.takeDue(pageMs(100))).toMatchObject([
      { responseId: B, phase: 'cut', heardSamples: 0 },
    ]);
    expect(ledger.takeDue(pageMs(256))).toMatchObject([
      { responseId: A, phase: 'cut', heardSamples: 256, positionAtMs: pageMs(256) },
    ]);
    expect(ledger.isIdle).toBe(true);
  });

  it('[BR7] a clear that arrives when everything is rendered cuts nothing', () => {
    ledger.announce(A, 0);
    write(A, 0, 200);
    ledger.end(A, 200);
    render(3);

    clear(pageMs(10));

    expect(ledger.takeDue(pageMs(200)).map((report) => report.phase)).toEqual(['ended']);
  });

  it('[BR7] what is announced after a clear is not affected by it', () => {
    ledger.announce(A, 0);
    write(A, 0, 1000);
    ledger.beginClear();
    ledger.announce(B, 0);
    expect(write(A, 1000, 10)).toBe('no');
    core.clear();
    log.take(core.mailbox.slice());

    ledger.finishClear(pageMs(0));
    write(B, 0, 128);
    render(1);

    const due = ledger.takeDue(pageMs(0)).map((report) => [report.responseId, report.phase]);
    expect(due).toEqual([
      [A, 'cut'],
      [B, 'playing'],
    ]);
  });

  it('[BR3] a response that is resumed counts what was heard before', () => {
    ledger.announce(A, 5000);
    expect(write(A, 5000, 128)).toBe('play');
    ledger.end(A, 5128);
    render(1);

    expect(ledger.takeDue(pageMs(0))).toMatchObject([{ heardSamples: 5001 }]);
    expect(ledger.takeDue(pageMs(128))).toMatchObject([{ phase: 'ended', heardSamples: 5128 }]);
  });

  it('[BR3] a response that had been heard to its end is reported so at once', () => {
    ledger.announce(A, 5000);
    ledger.end(A, 5000);

    expect(ledger.takeDue(pageMs(0))).toMatchObject([{ phase: 'ended', heardSamples: 5000 }]);
  });

  it('[BR3] a frame after a gap, or of an earlier response, breaks the stream; one of an unknown response does not', () => {
    ledger.announce(A, 0);
    ledger.announce(B, 0);

    expect(write(B, 3, 10)).toBe('broken');
    expect(write(A, 0, 10)).toBe('broken');
    expect(write('unknown' as ResponseId, 0, 10)).toBe('no');
    expect(write(B, 0, 10)).toBe('play');
  });

  it('[BR8] in a pause the playhead stands still, and later instants move by its length', () => {
    ledger.announce(A, 0);
    write(A, 0, 256);
    ledger.end(A, 256);
    render(1);
    ledger.takeDue(pageMs(0));
    core.pause();
    render(10);
    expect(ledger.takeDue(pageMs(1000))).toMatchObject([{ phase: 'playing', heardSamples: 128 }]);

    core.resume();
    render(1);

    expect(ledger.nextDueAtMs).toBe(pageMs(12 * BLOCK));
    expect(ledger.takeDue(pageMs(12 * BLOCK))).toMatchObject([{ phase: 'ended' }]);
  });

  it('[BR9] the position for drawing is fractional', () => {
    ledger.announce(A, 0);
    write(A, 0, 300);
    ledger.announce(B, 0);
    write(B, 0, 300);
    render(5);

    const at = (frame: number) => ledger.positionAt(FIRST_FRAME + frame, false);
    expect(at(10.5)).toEqual({ responseId: A, heardSamples: 10.5, untilSamples: 300 });
    expect(at(310.5)).toEqual({ responseId: B, heardSamples: 10.5, untilSamples: 300 });
    expect(at(700)).toBeUndefined();
  });

  it('[BR9] the position for drawing moves on by itself through what has arrived, and while paused only through what was rendered', () => {
    ledger.announce(A, 0);
    write(A, 0, 300);
    render(1);

    expect(ledger.positionAt(FIRST_FRAME + 10, false)?.untilSamples).toBe(300);
    expect(ledger.positionAt(FIRST_FRAME + 10, true)?.untilSamples).toBe(BLOCK);
  });
});
