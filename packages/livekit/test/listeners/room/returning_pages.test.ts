// Tests for SPEC.md, [AU13]: a page that says `bye` or begins a new visit, while its participant stays in the room.
import { type AgentMs, type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, type EventCapture } from '@oncue/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ListenerLink } from '../../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../../src/listeners/playout_holds.ts';
import { RATE_HZ, RoomStage } from '../../support/room_stage.ts';

const STEP_MS = 20;
const USER = 'user';

let stage: RoomStage;
let timeline: Timeline;
let link: ListenerLink;
let events: EventCapture;
let answersPings: boolean;
let visit: number;
let pingsSeen: number;

beforeEach(async () => {
  stage = new RoomStage();
  const { clock, listener } = stage;
  timeline = new Timeline({ clock });
  events = captureEvents(timeline);
  const holds = new PlayoutHolds(timeline, listener.clearReaches);
  link = new ListenerLink({ listener, timeline, clock, holds });
  answersPings = true;
  visit = 1;
  pingsSeen = 0;
  stage.room.join(USER);
  hello();
  await run(1000);
});

afterEach(async () => {
  await timeline.close(0);
  link.close();
  stage.listener.close();
});

const epoch = (): string => `visit-${visit}`;
const hello = (): void => stage.room.say(USER, { type: 'hello', evidence: 'device' }, epoch());
const bye = (of = epoch()): void => stage.room.say(USER, { type: 'bye' }, of);

function helloAgain(): void {
  visit += 1;
  hello();
}

/** Time passes, and the page answers each ping that it gets. */
async function run(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
    await stage.clock.advanceAsync(STEP_MS);
    const pings = stage.room.sent('ping');
    const atMs = stage.clock.nowMs() as never;
    for (const { pingId } of answersPings ? pings.slice(pingsSeen) : [])
      stage.room.say(USER, { type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs }, epoch());
    pingsSeen = pings.length;
  }
}

function say(ms: number): ResponseId {
  const turn = timeline.openTurn();
  turn.goLive();
  const { id } = turn.begin({ task: { run: () => {} } });
  turn.addText('I am back.');
  turn.endResponse();
  const samples = (ms * RATE_HZ) / 1000;
  const { listener } = stage;
  link.holdMessages(() => {
    listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    const leavesAtMs: AgentMs | undefined = listener.write(id, new Int16Array(samples).fill(7));
    timeline.audioSent(id, samples, RATE_HZ, leavesAtMs);
  });
  listener.send({ type: 'end', responseId: id, totalSamples: samples });
  timeline.audioEnded(id);
  return id;
}

const ends = (): unknown[] =>
  [...events.ofType('response_skipped'), ...events.ofType('response_playback_finished')].map(
    (event) => ('reason' in event ? event.reason : event.outcome),
  );
const whyInaudible = (): unknown =>
  [...events.ofType('response_skipped'), ...events.ofType('response_playback_finished')].at(-1)
    ?.inaudible?.[0]?.why;
const leftMs = (): number => (stage.source.left.length * 1000) / RATE_HZ;

describe('a page whose participant stays in the room', () => {
  it('[AU13] after an outage its bye and its new hello arrive late together: what left before is not heard', async () => {
    // The network is back, and brings a hello that the page said in the outage.
    bye();
    helloAgain();
    answersPings = false;
    say(500);
    await run(2900);
    expect(ends(), 'nothing is known yet').toEqual([]);
    bye();
    helloAgain();
    answersPings = true;
    // So long it may still report what it has played.
    await run(600);

    expect(ends()).toEqual(['not_known']);
    expect(whyInaudible()).toBe('silent');
    expect(events.ofType('task_started')).toEqual([]);
    expect(leftMs(), 'it may have sounded, so it is not sent again').toBe(500);
  });

  it('[AU13] a hello that comes late is no answer: what is asked then is not stated by estimate', async () => {
    answersPings = false;
    await run(2500);
    bye();
    helloAgain();
    say(300);
    await run(2900);
    expect(events.ofType('response_playback_started')).toEqual([]);
    expect(ends()).toEqual([]);
    await run(1000);
    expect(ends()).toEqual(['not_known']);
  });

  it('[AU13] nor is what it says late of its volume, if it then answers nothing', async () => {
    answersPings = false;
    await run(5000);
    say(1500);
    await run(1000);
    bye();
    helloAgain();
    await run(40);
    const sinceMs = stage.clock.nowMs() as never;
    stage.room.say(USER, { type: 'audibility', audibility: 'listening', sinceMs }, epoch());
    await run(6000);

    expect(ends()).toEqual(['not_known']);
    expect(whyInaudible()).toBe('silent');
    expect(events.ofType('response_playback_started')).toEqual([]);
    expect(events.ofType('task_started')).toEqual([]);
  });

  it('[AU13] it answers again after its new hello, and what it is asked then is heard', async () => {
    answersPings = false;
    await run(2500);
    bye();
    helloAgain();
    answersPings = true;
    await run(200);
    say(300);
    await run(2000);
    expect(ends()).toEqual(['heard']);
  });

  it.each([500, 2500])(
    '[AU13] bye, and a new hello %i ms later: of what left between them nothing is known',
    async (awayMs) => {
      bye();
      say(300);
      await run(awayMs);
      expect(ends()).toEqual([]);
      helloAgain();
      await run(1500);
      const [end] = ends();
      if (awayMs > 1000) expect([end, whyInaudible()]).toEqual(['not_known', 'silent']);
      else expect(['not_known', 'partly_heard']).toContain(end);
      expect(leftMs()).toBe(300);
    },
  );

  it('[AU13] bye and hello twice in a moment, as after two reloads', async () => {
    say(2000);
    await run(600);
    bye();
    helloAgain();
    bye();
    helloAgain();
    await run(4000);
    expect(ends()).toEqual(['heard']);
    expect(events.ofType('audibility_changed').map(({ audibility }) => audibility)).toEqual([
      'nobody',
      'listening',
    ]);
  });

  it('[AU13] a new hello without a bye, after it did not answer', async () => {
    answersPings = false;
    say(500);
    await run(2000);
    expect(ends()).toEqual([]);
    answersPings = true;
    helloAgain();
    await run(600);
    expect(ends()).toEqual(['not_known']);
    say(300);
    await run(2000);
    expect(ends()).toEqual(['not_known', 'heard']);
  });

  it('[AU12] one that answers again is given 500 ms to report before anything is estimated', async () => {
    answersPings = false;
    const id = say(500);
    await run(2000);
    answersPings = true;
    await run(300);
    expect(ends()).toEqual([]);
    const atMs = stage.clock.nowMs();
    const report = { heardSamples: 12_000, phase: 'ended', evidence: 'device', errorBoundMs: 5 };
    const at = { startedAtMs: atMs - 2200, positionAtMs: atMs - 1700 };
    stage.room.say(USER, { type: 'playhead', responseId: id, ...at, ...report } as never, epoch());
    await run(100);
    expect(events.ofType('response_playback_finished')).toMatchObject([
      { outcome: 'heard', evidence: 'device' },
    ]);
  });

  it.each([
    { of: 'now', agoMs: 0, answers: true },
    { of: 'before it was away', agoMs: 1000, answers: false },
  ])(
    '[AU12] a report of where it is $of: its time to report is over? $answers',
    async ({ agoMs, answers }) => {
      answersPings = false;
      const id = say(3000);
      await run(1500);
      answersPings = true;
      await run(300);
      expect(timeline.state.answers).toBe(false);
      const atMs = stage.clock.nowMs() - agoMs;
      const report = {
        heardSamples: 12_000,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 5,
      };
      const at = { startedAtMs: atMs - 500, positionAtMs: atMs };
      stage.room.say(
        USER,
        { type: 'playhead', responseId: id, ...at, ...report } as never,
        epoch(),
      );
      expect(timeline.state.answers).toBe(answers);
    },
  );

  it('[AU13] the bye of a visit that arrives after the hello of the next one changes nothing', async () => {
    const before = epoch();
    helloAgain();
    await run(100);
    bye(before);
    say(300);
    await run(2000);
    expect(timeline.state.listening).toBe(true);
    expect(ends()).toEqual(['heard']);
  });

  it('[AU13] its reporter was closed: after 3 s it is a listener that does not report', async () => {
    bye();
    say(300);
    await run(2900);
    expect(ends()).toEqual([]);
    await run(300);
    expect(timeline.state.listening).toBe(false);
    expect(ends()).toEqual(['heard']);
    expect(events.ofType('response_playback_started')).toMatchObject([{ evidence: 'estimate' }]);
    // From then on as for any participant without a reporter.
    say(300);
    await run(700);
    expect(ends()).toEqual(['heard', 'heard']);
  });

  it('[RM10] bye, and the participant is replaced by a second connection of the same identity: it is sent again', async () => {
    bye();
    say(300);
    await run(1000);
    expect(leftMs()).toBe(300);
    // LiveKit removes the old participant as DUPLICATE_IDENTITY, then the new one joins.
    stage.room.leave(USER);
    stage.room.join(USER);
    helloAgain();
    await run(2000);
    expect(leftMs()).toBe(600);
    expect(ends()).toEqual(['heard']);
  });

  it('[AU13] a page that says bye leaves no timer when the session ends', async () => {
    bye();
    await timeline.close(0);
    link.close();
    stage.listener.close();
    const pending = stage.clock.pendingCount;
    await stage.clock.advanceAsync(4000);
    // Only the source goes on ticking.
    expect(pending).toBe(1);
  });
});
