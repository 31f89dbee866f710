import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';

const RATE_HZ = 24_000;
const TIMELINE_COUNT = 1000;
const LIVE_RESPONSES = 10;

/** What timelines and their responses take, in bytes of heap after a full collection. */
export interface Memory {
  readonly bytesPerTimeline: number;
  readonly bytesPerLiveResponse: number;
  readonly heapAfter10kBytes: number;
  readonly heapAfter100kBytes: number;
}

/** Exact only if it runs alone in its process: other live objects change the heap too. */
export async function measureMemory(): Promise<Memory> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapBytes = (): number => {
    for (let time = 0; time < 4; time += 1) collect();
    return process.memoryUsage().heapUsed;
  };

  const clock = new ManualClock();
  const emptyBytes = heapBytes();
  const timelines = Array.from({ length: TIMELINE_COUNT }, () => new Timeline({ clock }));
  const idleBytes = heapBytes();
  for (const timeline of timelines) openResponses(timeline);
  const liveBytes = heapBytes();
  const responses = timelines.reduce((sum, { state }) => sum + state.playout.length, 0);

  const timeline = new Timeline({ clock });
  await playResponses(timeline, clock, 10_000);
  const heapAfter10kBytes = heapBytes();
  await playResponses(timeline, clock, 90_000);
  const heapAfter100kBytes = heapBytes();
  return {
    bytesPerTimeline: (idleBytes - emptyBytes) / TIMELINE_COUNT,
    bytesPerLiveResponse: (liveBytes - idleBytes) / responses,
    heapAfter10kBytes,
    heapAfter100kBytes,
  };
}

/** Responses as a turn has them while they play: text, words and audio. */
function openResponses(timeline: Timeline): void {
  const turn = timeline.openTurn();
  for (let index = 0; index < LIVE_RESPONSES; index += 1) {
    const { id } = turn.begin({ metadata: { index } });
    turn.addText(`Response ${index} has some ten words that are said aloud.`);
    timeline.audioSent(id, RATE_HZ, RATE_HZ);
  }
}

async function playResponses(timeline: Timeline, clock: ManualClock, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const turn = timeline.openTurn();
    const { id } = turn.begin({ onPlaybackStarted: () => {}, metadata: { index } });
    turn.addText('Some words.');
    turn.close();
    timeline.audioSent(id, 480, RATE_HZ);
    timeline.audioEnded(id);
    clock.advance(30);
    if (index % 3 === 0) timeline.cut('user_speech');
    // Tasks settle as they do in a program that awaits.
    if (index % 100 === 99) await Promise.resolve();
  }
}
