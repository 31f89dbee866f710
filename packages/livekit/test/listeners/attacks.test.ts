// What SECURITY.md says that a page cannot do, each tried from the other end of a socket.
import { type ResponseId, type ResponseTask, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { SocketListener } from '../../src/listeners/socket_listener.ts';
import { FakePage } from '../support/fake_page.ts';

const RATE_HZ = 24_000;
const ALL = 20_000;

/** A session whose page answers its pings, and says what the test wants. */
class Attack {
  readonly clock = new ManualClock(20_000);
  trace = 0;
  readonly timeline = new Timeline({ clock: this.clock, record: () => (this.trace += 1) });
  readonly listener = new SocketListener({ clock: this.clock, sampleRateHz: RATE_HZ });
  readonly link = new ListenerLink({
    listener: this.listener,
    timeline: this.timeline,
    clock: this.clock,
    holds: new PlayoutHolds(this.timeline),
  });
  readonly events = captureEvents(this.timeline);
  /** By how much the page's clock is ahead. */
  pageAheadMs = 0;
  readonly page = new FakePage(() => this.clock.nowMs() + this.pageAheadMs);
  readonly turn = this.timeline.openTurn();

  constructor() {
    this.listener.attachSocket(this.page);
    this.page.hello();
    this.turn.goLive();
  }

  /** Writes a response, as the adapter does. */
  say(ms: number, run: ResponseTask = () => {}): ResponseId {
    const { id } = this.turn.begin({ task: { run, timing: 'predicted' } });
    const samples = (ms * RATE_HZ) / 1000;
    this.turn.addText('Some words that take a while to say.');
    this.listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    this.listener.write(id, new Int16Array(samples));
    this.timeline.audioSent(id, samples, RATE_HZ);
    this.timeline.audioEnded(id);
    return id;
  }

  claim(
    responseId: ResponseId,
    heardMs: number,
    of: { agoMs?: number; startAgoMs?: number; boundMs?: number; phase?: 'playing' | 'ended' } = {},
  ): void {
    const { agoMs = 0, startAgoMs = heardMs, boundMs = 1, phase = 'playing' } = of;
    const nowMs = this.clock.nowMs() + this.pageAheadMs;
    this.page.say({
      type: 'playhead',
      responseId,
      startedAtMs: (nowMs - startAgoMs) as never,
      heardSamples: Math.round((heardMs * RATE_HZ) / 1000),
      positionAtMs: (nowMs - agoMs) as never,
      phase,
      evidence: 'device',
      errorBoundMs: boundMs,
    });
  }

  get refused(): readonly string[] {
    return this.events.ofType('report_dropped').map(({ reason }) => reason);
  }

  get starts() {
    return this.events.ofType('response_playback_started');
  }

  get ends() {
    return this.events.ofType('response_playback_finished');
  }
}

describe('a page cannot', () => {
  it('[LW9] have heard all of 20 s, 10 ms after they were written', () => {
    const attack = new Attack();
    const id = attack.say(ALL);
    attack.clock.advance(10);
    attack.claim(id, ALL, { startAgoMs: 10, phase: 'ended' });

    expect([attack.refused, attack.starts, attack.ends]).toEqual([['before_it_left'], [], []]);
  });

  it('[LW9] hear the second response while the first has not left', () => {
    const attack = new Attack();
    attack.say(3000);
    const second = attack.say(1000);
    attack.clock.advance(25);
    attack.claim(second, 20);

    expect([attack.refused, attack.starts]).toEqual([['before_it_left'], []]);
  });

  it('[LW17] have more recorded than fits into the time since its start', () => {
    const attack = new Attack();
    const id = attack.say(5000);
    attack.clock.advance(5000);
    attack.claim(id, 10, { startAgoMs: 10 });
    attack.claim(id, 4000, { startAgoMs: 10 });

    const told = attack.events.ofType('response_playback_progressed').at(-1);
    // 10 ms and the stated bound of 1 ms, 5 % faster, and 200 ms.
    expect(told?.heardMs).toBeCloseTo(11 * 1.05 + 200, 1);
  });

  it('[LW9] widen a check with its error bound', () => {
    const attack = new Attack();
    const id = attack.say(5000);
    attack.clock.advance(100);
    attack.claim(id, 50, { startAgoMs: 10_000, boundMs: 9950 });

    expect([attack.refused, attack.starts]).toEqual([['before_it_left'], []]);
  });

  it('[LW10] make the next predicted task run early', () => {
    const attack = new Attack();
    const first = attack.say(1000);
    attack.clock.advance(100);
    for (const boundMs of [999, 1000, 5000, 9950])
      attack.claim(first, 50, { startAgoMs: 1000, boundMs });
    attack.clock.advance(3000);
    const second = attack.say(1000);
    const sentAtMs = attack.clock.nowMs();
    attack.clock.advance(3000);

    const task = attack.events.ofType('task_started').find((one) => one.responseId === second);
    expect(task?.startedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    expect(attack.timeline.state.path.delayMs).toBeGreaterThanOrEqual(0);
  });

  it('[LW12] have its audio sent again by 300 times hello and an answer', () => {
    const attack = new Attack();
    attack.say(ALL);
    const frames = attack.page.frames.length;
    for (let n = 0; n < 300; n += 1) {
      attack.page.say({ type: 'hello', evidence: 'device' });
      attack.page.pong(n);
      attack.clock.advance(10);
    }

    expect(attack.page.frames.length).toBe(frames);
  });

  it('[LW11] fill the trace with refused messages', () => {
    const attack = new Attack();
    const before = attack.trace;
    // As fast as a socket may send for long [BR20], so for ten minutes.
    for (let n = 0; n < 100_000; n += 1) {
      attack.claim('response_of_nobody' as ResponseId, ALL);
      attack.clock.advance(6);
    }

    // Two reasons, once a second at most: it is unknown, and it is one too many.
    expect(new Set(attack.refused)).toEqual(new Set(['unknown_response', 'too_many']));
    expect(attack.trace - before).toBeLessThanOrEqual(2 * 600 + 4);
    expect(attack.timeline.state.droppedCount).toBeGreaterThan(99_000);
  });

  it('[LW6] be believed on a clock that was set back by 20 s, once it has answered a ping', () => {
    const attack = new Attack();
    attack.claim(attack.say(500), 10);
    attack.clock.advance(5000);
    attack.pageAheadMs = -20_000;
    attack.clock.advance(3000);
    const second = attack.say(1000);
    const sentAtMs = attack.clock.nowMs();
    attack.clock.advance(100);
    attack.claim(second, 50);

    const start = attack.starts.find((one) => one.responseId === second);
    expect(start?.startedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    expect(start?.startedAtMs).toBeLessThanOrEqual(sentAtMs + 100);
    expect(start?.errorBoundMs).toBeLessThan(10);
  });

  it('[LW13] end 20 s with the first sample, and have the rest count as heard', () => {
    const attack = new Attack();
    const id = attack.say(ALL);
    attack.clock.advance(100);
    attack.claim(id, 1, { startAgoMs: 50, phase: 'ended' });
    attack.clock.advance(ALL);

    expect(attack.ends).toMatchObject([{ responseId: id, outcome: 'cut', heardMs: 1 }]);
  });

  it('[RS3][TK1] end a response twice, or start its task twice', () => {
    const attack = new Attack();
    const runs: string[] = [];
    const id = attack.say(300, ({ responseId }) => {
      runs.push(responseId);
    });
    attack.clock.advance(400);
    for (let n = 0; n < 50; n += 1) {
      attack.claim(id, 300, { startAgoMs: 350, phase: n % 2 === 0 ? 'ended' : 'playing' });
      attack.clock.advance(20);
    }

    expect([attack.starts.length, attack.ends.length]).toEqual([1, 1]);
    expect(runs).toEqual([id]);
  });

  it('[LW5] throw into the agent, whatever it sends', () => {
    const attack = new Attack();
    const prototype = '{"v":1,"epoch":"__proto__","seq":1,"type":"constructor"}';
    for (const data of ['', '{', '[]', 'null', prototype, 'x'.repeat(100_000)])
      expect(() => attack.page.sendText(data)).not.toThrow();

    expect(attack.refused).toContain('bad_format');
  });

  it('[LW18] send what is not text without being told of', () => {
    const attack = new Attack();
    attack.clock.advance(500);
    for (let count = 0; count < 50; count += 1) attack.page.sendText(new Uint8Array(8));
    attack.clock.advance(1100);

    const dropped = attack.events.ofType('report_dropped');
    expect(dropped.map(({ reason, count }) => [reason, count])).toEqual([
      ['bad_format', 1],
      ['bad_format', 49],
    ]);
  });
});
