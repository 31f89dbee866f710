import type { voice } from '@livekit/agents';
import {
  type AgentMs,
  addMs,
  type Clock,
  type CutReach,
  type OncueEventOf,
  type ResponseId,
  samplesToMs,
  type Timeline,
} from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import { toEpochMs } from '../node_clock.ts';
import { type LeaveBreak, PlayedRuns, type StoodStill } from './played_runs.ts';

/** What it takes to tell where audio was played. */
export interface PlayedAudioPort {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly sampleRateHz: number;
  /** How far a pause gets at once. */
  readonly pauseReaches: CutReach;
  readonly report: (event: voice.PlaybackProgressedEvent) => void;
}

interface Tracked {
  readonly runs: PlayedRuns;
  leaves: readonly LeaveBreak[];
}

/**
 * Where the audio of each response was played, as LiveKit's recorder takes it: one unbroken run after the other, in the
 * order in which they sounded [LK18]. Without it the recorder places a segment whole, by its start or its end.
 */
export class PlayedAudio {
  readonly #port: PlayedAudioPort;
  readonly #tracked = new Map<ResponseId, Tracked>();
  #pauses: StoodStill[] = [];
  #pausedAtMs: AgentMs | undefined;

  constructor(port: PlayedAudioPort) {
    this.#port = port;
  }

  /** A sink stands still. */
  paused(): void {
    // What had left a queue sounds on: its breaks are those of what left.
    if (this.#port.pauseReaches === 'ear') this.#pausedAtMs ??= this.#port.clock.nowMs();
  }

  resumed(): void {
    for (const id of this.#tracked.keys()) this.sent(id);
    if (this.#pausedAtMs === undefined) return;
    this.#pauses.push({ fromMs: this.#pausedAtMs, toMs: this.#port.clock.nowMs() });
    this.#pausedAtMs = undefined;
  }

  /** Audio of a response was sent, or moved to another time. */
  sent(id: ResponseId): void {
    const tracked = this.#of(id);
    tracked.leaves = responseOf(this.#port.timeline.state, id)?.audio?.runs ?? tracked.leaves;
  }

  /** The first sample of a response sounds. */
  started(id: ResponseId, atMs: AgentMs): void {
    // What nobody could hear sounded before it.
    if (responseOf(this.#port.timeline.state, id)?.inaudible.length) return;
    this.#of(id).runs.begin({ samples: 0, atMs });
  }

  progressed({ responseId, positionAtMs }: OncueEventOf<'response_playback_progressed'>): void {
    const playback = responseOf(this.#port.timeline.state, responseId)?.playback;
    if (!this.#tracked.has(responseId) || !playback || playback.status === 'unheard') return;
    this.#playedUntil(responseId, playback.heardSamples, positionAtMs);
  }

  /** No more of a response is played than `samples`, which had sounded at `atMs`. */
  ended(id: ResponseId, samples: number, atMs: AgentMs): void {
    if (this.#tracked.has(id)) this.#playedUntil(id, samples, atMs);
    this.#tracked.get(id)?.runs.end();
    this.forget(id);
  }

  /** The rest of a response is as good as played. */
  handedOver(id: ResponseId, samples: number): void {
    const until = this.#of(id).runs.until;
    const restMs = samplesToMs(samples - (until?.samples ?? 0), this.#port.sampleRateHz);
    this.ended(id, samples, addMs(until?.atMs ?? this.#port.clock.nowMs(), restMs));
  }

  /** Nothing is known of where it was played. */
  forget(id: ResponseId): void {
    this.#tracked.delete(id);
    if (this.#tracked.size === 0) this.#pauses = [];
  }

  #playedUntil(id: ResponseId, samples: number, atMs: AgentMs): void {
    this.sent(id);
    const { runs, leaves } = this.#of(id);
    runs.playedUntil({ samples, atMs }, { leaves, pauses: this.#pauses });
  }

  #of(id: ResponseId): Tracked {
    const known = this.#tracked.get(id);
    if (known) return known;
    const { sampleRateHz, report } = this.#port;
    const runs = new PlayedRuns(sampleRateHz, ({ startedAtMs, fromSamples, samples }) =>
      report({
        startedAt: toEpochMs(startedAtMs),
        offset: samplesToMs(fromSamples, sampleRateHz),
        duration: samplesToMs(samples, sampleRateHz),
      }),
    );
    const tracked = { runs, leaves: [] };
    this.#tracked.set(id, tracked);
    return tracked;
  }
}

/** How far it was played, whoever could hear it: LiveKit's recorder takes this. To nobody nothing is played. */
export function playedMs({
  heardMs,
  inaudible = [],
}: OncueEventOf<'response_playback_finished'>): number {
  return inaudible
    .filter(({ why }) => why !== 'nobody')
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, heardMs);
}
