import { describe, expect, it } from 'vitest';
import type { OncueEvent } from '../src/index.ts';
import { replayTrace } from '../src/trace/index.ts';
import { Stage } from './support/stage.ts';

/** A stage on which the first of two responses is heard. */
function playing(): { readonly stage: Stage; readonly seen: OncueEvent[]; readonly ran: string[] } {
  const stage = new Stage({ listener: {} });
  const seen: OncueEvent[] = [];
  const ran: string[] = [];
  stage.timeline.view.onAny((event) => seen.push(event));
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000, { onPlaybackFinished: () => void ran.push('first ended') });
  turn.queueAgentState('thinking');
  stage.say(turn, 'Two.', 1000, { onPlaybackStarted: () => void ran.push('second') });
  stage.clock.advance(500);
  return { stage, seen, ran };
}

const ends = (events: readonly OncueEvent[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'response_playback_finished') return [event.outcome];
    return event.type === 'response_skipped' ? [event.reason] : [];
  });

describe('[CL2] detach', () => {
  it('[CL2] tells the application what close tells, once, and the timeline goes on', async () => {
    const { stage, seen, ran } = playing();
    await stage.timeline.detach();
    await stage.timeline.detach();
    const told = [...seen];
    stage.clock.advance(3000);

    expect(ends(told)).toEqual(['cut', 'closed']);
    expect(seen).toEqual(told);
    expect(ran).toEqual(['first ended']);
    expect(stage.timeline.view.state.isClosed).toBe(true);
    expect(ends(stage.events.all)).toEqual(['heard', 'heard']);
    expect(stage.timeline.state.runningTasks).toEqual([]);
    await expect(stage.timeline.openTurn().begin().heard()).resolves.toEqual({
      outcome: 'not_known',
    });
  });

  it('[CL2] a handler that was removed, or added later, hears nothing', async () => {
    const { stage } = playing();
    const heard: string[] = [];
    const handler = ({ type }: OncueEvent): void => void heard.push(type);
    const stop = stage.timeline.view.onAny(handler);
    stop();
    await stage.timeline.detach();
    stage.timeline.view.onAny(handler);
    stage.clock.advance(3000);

    expect(heard).toEqual([]);
  });

  it('[CL2] the trace ends with the close, and replays', async () => {
    const { stage } = playing();
    await stage.timeline.detach();
    const { trace } = stage;
    stage.clock.advance(3000);

    expect(stage.trace).toBe(trace);
    expect(replayTrace(trace)).not.toHaveProperty('firstDifference');
  });

  it('[CL2] from a callback, the events of that moment come first', async () => {
    const { stage, seen } = playing();
    stage.timeline.view.on('response_playback_finished', () => void stage.timeline.detach());
    stage.clock.advance(600);
    await Promise.resolve();
    await Promise.resolve();

    expect(seen.map(({ type }) => type)).not.toContain('callback_failed');
    expect(ends(seen)).toEqual(['heard', 'cut']);
  });

  it('[CL2][TK4] a task that runs has its time, then its signal aborts', async () => {
    const stage = new Stage({ listener: {} });
    let signal: AbortSignal | undefined;
    const run = (_event: unknown, of: AbortSignal): Promise<void> => {
      signal = of;
      return new Promise(() => {});
    };
    stage.say(stage.openTurn(), 'One.', 1000, { task: { run } });
    stage.clock.advance(100);
    const detached = stage.timeline.detach(200);
    await stage.clock.advanceAsync(250);
    await detached;

    expect(signal?.aborted).toBe(true);
    expect(stage.timeline.view.state.runningTasks).toEqual([]);
    expect(stage.timeline.state.runningTasks).toEqual([]);
  });

  it('[CL2][LW11] refused messages that were counted and not told yet are told before the end', async () => {
    const { stage, seen } = playing();
    for (let count = 0; count < 5; count += 1) stage.timeline.reportDropped('bad_format');
    await stage.timeline.detach();

    const counts = seen.flatMap((event) => (event.type === 'report_dropped' ? [event.count] : []));
    expect(counts).toEqual([1, 4]);
    stage.clock.advance(3000);
    expect(stage.events.ofType('report_dropped')).toHaveLength(2);
  });
});
