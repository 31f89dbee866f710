// Tests for SPEC.md, "Tasks".
import { describe, expect, it, vi } from 'vitest';
import { TaskRunner } from '../src/application/task_runner.ts';
import type { TaskStarted } from '../src/index.ts';
import { Stage } from './support/stage.ts';

/** A task that records its calls and stays pending until `release`. */
function openTask() {
  const calls: Array<{ event: TaskStarted; signal: AbortSignal }> = [];
  let release = (): void => {};
  const settled = new Promise<void>((resolve) => {
    release = resolve;
  });
  const task = (event: TaskStarted, signal: AbortSignal): Promise<void> => {
    calls.push({ event, signal });
    return settled;
  };
  return { calls, task, release };
}

const reasonOf = (signal: AbortSignal | undefined): unknown =>
  (signal?.reason as { code?: unknown } | undefined)?.code;

describe('tasks', () => {
  it('[TK1] a task starts once, when its response begins to be heard', async () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40, faults: { repeat: () => true } } });
    const { calls, task, release } = openTask();

    const id = stage.say(stage.openTurn(), 'Hello.', 100, {
      metadata: 'card',
      onPlaybackStarted: task,
    });
    stage.clock.advance(39);
    expect(calls).toEqual([]);
    stage.clock.advance(1000);
    release();
    await stage.clock.advanceAsync(0);

    expect(calls).toHaveLength(1);
    expect(calls[0]?.event).toMatchObject({
      responseId: id,
      metadata: 'card',
      startedAtMs: 40,
      timing: 'confirmed',
      evidence: 'device',
    });
    expect(stage.events.only('task_finished').responseId).toBe(id);
    expect(stage.timeline.state.runningTasks).toEqual([]);
  });

  it('[TK1] a task of a response that is not heard never starts', () => {
    const stage = new Stage();
    const { calls, task } = openTask();
    const turn = stage.openTurn();

    turn.begin({ onPlaybackStarted: task });
    turn.begin({ onPlaybackStarted: task });
    turn.addText('Cut.');
    stage.cut();
    stage.clock.advance(1000);

    expect(calls).toEqual([]);
    expect(stage.events.ofType('task_started')).toEqual([]);
  });

  it('[TK2] a cut only aborts the signals of tasks with abortOnCut', () => {
    const stage = new Stage();
    const kept = openTask();
    const dropped = openTask();
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 100, { onPlaybackStarted: kept.task });
    stage.say(turn, 'Two.', 100, { task: { run: dropped.task, abortOnCut: true } });
    stage.clock.advance(150);
    stage.cut();

    expect(kept.calls[0]?.signal.aborted).toBe(false);
    expect(reasonOf(dropped.calls[0]?.signal)).toBe('cut');
    expect(stage.events.only('task_aborted')).toMatchObject({ index: 1, reason: 'cut' });
  });

  it('[TK3] a task that throws or rejects is reported and does not affect others', async () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { calls, task } = openTask();

    stage.say(turn, 'One.', 10, {
      onPlaybackStarted: () => {
        throw new Error('thrown');
      },
    });
    stage.say(turn, 'Two.', 10, { onPlaybackStarted: () => Promise.reject('rejected') });
    stage.say(turn, 'Three.', 10, { onPlaybackStarted: task });
    await stage.clock.advanceAsync(100);

    const failed = stage.events.ofType('task_failed');
    expect(failed.map(({ index, message }) => [index, message])).toEqual([
      [0, 'thrown'],
      [1, 'rejected'],
    ]);
    expect(calls).toHaveLength(1);
    expect(stage.events.ofType('response_playback_finished')).toHaveLength(3);
  });

  it('[TK3][TK6] the thrown value may have no message', async () => {
    const stage = new Stage();
    const nameless = Object.create(null) as unknown;
    stage.timeline.on('response_playback_started', () => {
      throw nameless;
    });

    stage.say(stage.openTurn(), 'One.', 10, { onPlaybackStarted: () => Promise.reject(nameless) });
    await stage.clock.advanceAsync(100);

    const message = 'a value without a message was thrown';
    expect(stage.events.only('task_failed')).toMatchObject({ message });
    expect(stage.events.only('callback_failed')).toMatchObject({ message });
    expect(stage.events.ofType('response_playback_finished')).toHaveLength(1);
  });

  it('[TK4] close waits for running tasks up to the deadline, then aborts them', async () => {
    const stage = new Stage();
    const quick = openTask();
    const slow = openTask();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 10, { onPlaybackStarted: quick.task });
    stage.say(turn, 'Two.', 10, { onPlaybackStarted: slow.task });
    await stage.clock.advanceAsync(100);

    let isClosed = false;
    const closing = stage.timeline.close(2000).then(() => {
      isClosed = true;
    });
    await stage.clock.advanceAsync(1000);
    quick.release();
    await stage.clock.advanceAsync(999);
    expect(isClosed).toBe(false);
    await stage.clock.advanceAsync(1);
    await closing;

    expect(stage.events.only('task_finished').index).toBe(0);
    expect(stage.events.only('task_aborted')).toMatchObject({ index: 1, reason: 'closed' });
    expect(quick.calls[0]?.signal.aborted).toBe(false);
    expect(reasonOf(slow.calls[0]?.signal)).toBe('closed');
    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[TK4] close does not wait if all tasks are done, or have just finished', async () => {
    const stage = new Stage();
    const { task, release } = openTask();
    stage.say(stage.openTurn(), 'One.', 10, { onPlaybackStarted: task });
    await stage.clock.advanceAsync(100);

    const closing = stage.timeline.close();
    release();
    await closing;

    expect(stage.events.types('task_finished', 'task_aborted')).toEqual(['task_finished']);
    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[TK4][regression] close called by a callback waits for the task that its event starts', async () => {
    const stage = new Stage();
    const { calls, task } = openTask();
    let isClosed = false;
    stage.timeline.on('response_playback_started', () => {
      void stage.timeline.close(500).then(() => {
        isClosed = true;
      });
    });

    stage.say(stage.openTurn(), 'One.', 10, { onPlaybackStarted: task });
    await stage.clock.advanceAsync(499);
    expect([calls.length, isClosed]).toEqual([1, false]);
    await stage.clock.advanceAsync(1);

    expect(isClosed).toBe(true);
    expect(reasonOf(calls[0]?.signal)).toBe('closed');
  });

  it('[TK6] a callback that throws is reported, the others run and the timeline continues', () => {
    const stage = new Stage();
    const seen: string[] = [];
    stage.timeline.on('response_playback_started', () => {
      throw new Error('first');
    });
    stage.timeline.on('response_playback_started', () => seen.push('second'));
    stage.timeline.on('callback_failed', () => {
      throw new Error('on the report of a throw');
    });

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(1000);

    expect(seen).toEqual(['second']);
    expect(stage.events.only('callback_failed')).toMatchObject({
      during: 'response_playback_started',
      message: 'first',
    });
    expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
  });

  it('[TK6] applyState may throw, even while the timeline closes', () => {
    const stage = new Stage({
      applyState: () => {
        throw new Error('no such session');
      },
    });
    stage.timeline.on('response_playback_finished', () => {
      throw new Error('at the end');
    });

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(50);
    void stage.timeline.close();

    expect(stage.events.ofType('callback_failed').map(({ message }) => message)).toEqual([
      'no such session',
      'at the end',
    ]);
  });

  it('[TK6] a recorder that throws is reported once and not called again', () => {
    let calls = 0;
    const stage = new Stage({
      record: () => {
        calls += 1;
        throw new Error('disk full');
      },
    });

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(1000);

    expect(calls).toBe(1);
    expect(stage.events.only('callback_failed')).toMatchObject({
      during: 'record',
      message: 'disk full',
    });
    expect(stage.events.only('response_playback_finished').outcome).toBe('heard');
  });
});

describe('predicted tasks', () => {
  const predicted = (task: (event: TaskStarted, signal: AbortSignal) => Promise<void>) =>
    ({ task: { run: task, timing: 'predicted' } }) as const;

  it('[TK5] starts at the expected instant, and reports afterwards how far off it was', () => {
    const listener = { outputLatencyMs: 55, faults: { delayMs: 30 } };
    const stage = new Stage({ listener, options: { estimateDelayMs: 40 } });
    const { calls, task } = openTask();

    stage.say(stage.openTurn(), 'Hello.', 100, predicted(task));
    stage.clock.advance(1000);

    expect(calls[0]?.event).toMatchObject({
      atMs: 40,
      startedAtMs: 40,
      timing: 'predicted',
      evidence: 'estimate',
    });
    expect(stage.events.only('prediction_checked')).toMatchObject({
      predictedAtMs: 40,
      errorMs: -15,
      evidence: 'device',
    });
    expect(stage.events.ofType('task_started')).toHaveLength(1);
  });

  it('[TK5] a later response is predicted from the measured delay and position', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 55, faults: { delayMs: 30 } } });
    const { calls, task } = openTask();
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 100, predicted(task));
    stage.clock.advance(2000);

    expect(calls[0]?.event.atMs).toBe(1055);
    expect(stage.events.only('prediction_checked').errorMs).toBe(0);
  });

  it('[TK5] a pause or a stalled listener moves the expected instant', () => {
    const stage = new Stage({ listener: {} });
    const { calls, task } = openTask();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 100, predicted(task));

    stage.clock.advance(500);
    stage.pause();
    stage.clock.advance(1000);
    stage.resume();
    stage.clock.advance(100);
    stage.listener.stall();
    stage.clock.advance(200);
    stage.listener.unstall();
    stage.clock.advance(2000);

    expect(calls[0]?.event.atMs).toBe(2200);
    expect(stage.events.only('prediction_checked').errorMs).toBe(0);
  });

  it('[TK5] the signal aborts at once if the response turns out not to be heard', () => {
    const stage = new Stage({ listener: {} });
    const { calls, task } = openTask();
    stage.listener.stall();
    stage.say(stage.openTurn(), 'Hello.', 100, predicted(task));

    stage.clock.advance(10);
    expect(calls[0]?.signal.aborted).toBe(false);
    stage.cut();

    expect(reasonOf(calls[0]?.signal)).toBe('not_heard');
    expect(stage.events.only('task_aborted')).toMatchObject({ atMs: 10, reason: 'not_heard' });
    expect(stage.events.ofType('prediction_checked')).toEqual([]);
  });

  it('[TK5] if the sound comes before the predicted instant, the task starts at the confirmed start', () => {
    const stage = new Stage({ listener: {}, options: { estimateDelayMs: 200 } });
    const { calls, task } = openTask();

    stage.say(stage.openTurn(), 'Hello.', 100, predicted(task));
    stage.clock.advance(1000);

    expect(calls[0]?.event).toMatchObject({ atMs: 0, timing: 'confirmed', evidence: 'device' });
    expect(calls).toHaveLength(1);
    expect(stage.events.ofType('prediction_checked')).toEqual([]);
  });

  it('[TK5] if the expected instant turns out to be past, the task starts at once', () => {
    const stage = new Stage({ listener: {}, options: { estimateDelayMs: 500 } });
    const { calls, task } = openTask();
    stage.listener.stall();
    stage.say(stage.openTurn(), 'Hello.', 1000, predicted(task));
    stage.clock.advance(200);
    expect(calls).toEqual([]);

    stage.timeline.pathEstimated(50, 5);
    stage.clock.advance(0);

    expect(calls[0]?.event).toMatchObject({ atMs: 200, startedAtMs: 50, timing: 'predicted' });
  });
});

describe('order and memory', () => {
  it('[TK1] the listeners of its event run before a task, and those of an abort after the signal', () => {
    const stage = new Stage();
    const order: string[] = [];
    const signals: AbortSignal[] = [];
    stage.timeline.on('task_started', () => order.push('told'));
    stage.timeline.on('task_aborted', () => order.push(`aborted: ${signals[0]?.aborted}`));
    const run = (_: TaskStarted, signal: AbortSignal): Promise<void> => {
      order.push('runs');
      signals.push(signal);
      return new Promise(() => {});
    };

    stage.say(stage.openTurn(), 'Hello.', 1000, { task: { run, abortOnCut: true } });
    stage.clock.advance(100);
    stage.cut();

    expect(order).toEqual(['told', 'runs', 'aborted: true']);
  });

  it('[MM1] the function of a task is dropped when its response has ended, and when it is bound too late', () => {
    const bind = vi.spyOn(TaskRunner.prototype, 'bind');
    const forget = vi.spyOn(TaskRunner.prototype, 'forget');
    const task = { run: (): void => {} };
    const stage = new Stage();
    const turn = stage.openTurn();
    const heard = stage.say(turn, 'One.', 100, { task });
    const skipped = turn.begin({ task }).id;
    turn.addText('Two.');
    stage.clock.advance(50);
    stage.cut();
    const late = turn.begin({ task }).id;
    turn.mark('late', { task });

    const boundAt = (id: string): number =>
      bind.mock.invocationCallOrder[bind.mock.calls.findLastIndex(([, of]) => of === id)] ?? 1e9;
    const forgottenAt = (id: string): number =>
      forget.mock.invocationCallOrder[forget.mock.calls.findLastIndex(([of]) => of === id)] ?? 0;
    for (const id of [heard, skipped, late]) expect(forgottenAt(id)).toBeGreaterThan(boundAt(id));
    vi.restoreAllMocks();
  });

  it('[TK1] a function runs once, however often its task is started', () => {
    const runner = new TaskRunner(() => {});
    const run = vi.fn();
    const started = { taskId: 'task_1', responseId: 'r' } as TaskStarted;
    runner.bind('task_1', started.responseId, run);

    runner.start(started);
    runner.start(started);

    expect(run).toHaveBeenCalledTimes(1);
  });
});
