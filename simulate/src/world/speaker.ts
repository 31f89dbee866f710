import type { CutBy, ResponseId, Timeline, Turn } from '@oncue/core';
import { takesAudio } from '@oncue/core/internal';
import type { ManualClock } from '@oncue/core/testing';
import type { ItemPlan, ResponsePlan, TaskPlan, TurnPlan } from '../history/history.ts';
import { RATE_HZ, SAMPLES_PER_MS } from './samples.ts';
import type { Transport } from './transport.ts';

const MARK_TASK: TaskPlan = { timing: 'confirmed', abortOnCut: false, takesMs: 100, throws: false };

export interface SpeakerPort {
  readonly clock: ManualClock;
  readonly timeline: Timeline;
  readonly transport: Transport;
  readonly runTask: (plan: TaskPlan) => Promise<void> | undefined;
  readonly over: (speaker: Speaker) => void;
}

/** Performs the plan of one turn, as a pipeline does: text and declarations ahead, audio one response after the other. */
export class Speaker {
  readonly plan: TurnPlan;
  readonly turn: Turn;
  isLive = false;
  isOver = false;
  readonly #port: SpeakerPort;
  readonly #toSpeak: Array<{ readonly id: ResponseId; readonly plan: ResponsePlan }> = [];
  readonly #openIds = new Set<ResponseId>();
  readonly #endedIds = new Set<ResponseId>();
  #isSpeaking = false;
  #markCount = 0;
  #allDeclared = false;
  #stopsDeclaringAtMs = Number.POSITIVE_INFINITY;

  constructor(plan: TurnPlan, port: SpeakerPort) {
    this.plan = plan;
    this.#port = port;
    this.turn = port.timeline.openTurn();
  }

  begin(): void {
    const { endsAfterMs } = this.plan;
    if (endsAfterMs !== undefined) this.#port.clock.schedule(endsAfterMs, () => this.#end());
    this.#declare(0, 0);
  }

  goLive(): void {
    if (this.isLive || this.isOver) return;
    this.isLive = true;
    this.turn.goLive();
    this.#speakNext();
    this.#endIfDone();
  }

  /** Interrupted. Its generator may not know yet. */
  interrupt(by: CutBy | undefined): void {
    if (this.isOver) return;
    const { clock } = this.#port;
    this.#stopsDeclaringAtMs = clock.nowMs() + this.plan.goesOnAfterCutMs;
    clock.schedule(this.plan.goesOnAfterCutMs, () => {
      if (!this.#allDeclared) this.turn.abandon();
    });
    this.#end(by);
  }

  ended(id: ResponseId): void {
    this.#endedIds.add(id);
    this.#openIds.delete(id);
    this.#endIfDone();
  }

  #end(by?: CutBy): void {
    if (this.isOver) return;
    this.isOver = true;
    this.turn.end(by);
    this.#port.over(this);
  }

  #endIfDone(): void {
    if (this.#allDeclared && this.#openIds.size === 0 && this.isLive) this.#end();
  }

  #declare(itemIndex: number, textIndex: number): void {
    const { clock } = this.#port;
    if (clock.nowMs() >= this.#stopsDeclaringAtMs) return;
    const item = this.plan.items[itemIndex];
    if (!item) {
      this.#allDeclared = true;
      this.turn.close();
      this.#endIfDone();
      return;
    }
    const waitMs = this.#declarePiece(item, textIndex);
    if (waitMs === undefined) this.#declare(itemIndex + 1, 0);
    else clock.schedule(waitMs, () => this.#declare(itemIndex, textIndex + 1));
  }

  /** @returns When the next piece of the same item comes; `undefined` after its last. */
  #declarePiece(item: ItemPlan, textIndex: number): number | undefined {
    if (item.kind === 'state') {
      this.turn.queueAgentState(item.state);
      return undefined;
    }
    if (textIndex === 0 && !item.implicit)
      this.#declared(this.turn.begin(this.#options(item)).id, item);
    const text = item.texts[textIndex];
    // An implicit response is declared by its text, not by a mark.
    if (textIndex > 0 || !item.implicit) this.#mark(item, textIndex);
    if (text === undefined) {
      this.turn.endResponse();
      return undefined;
    }
    const { id } = this.turn.addText(text);
    if (textIndex === 0 && item.implicit) this.#declared(id, item);
    return item.textEveryMs;
  }

  #mark({ marks = [] }: ResponsePlan, afterTexts: number): void {
    for (const mark of marks) {
      if (mark.afterTexts !== afterTexts) continue;
      this.#markCount += 1;
      const { hasTask, abortOnCut } = mark;
      const run = (): Promise<void> | undefined => this.#port.runTask(MARK_TASK);
      const options = hasTask ? { task: { run, abortOnCut } } : {};
      this.turn.mark(`mark ${this.#markCount}`, options);
    }
  }

  #options({ task }: ResponsePlan): Parameters<Turn['begin']>[0] {
    if (!task) return {};
    const { timing, abortOnCut } = task;
    return { task: { run: () => this.#port.runTask(task), timing, abortOnCut } };
  }

  #declared(id: ResponseId, plan: ResponsePlan): void {
    if (this.isOver) return;
    // One that is skipped at once has ended before it is known here.
    if (this.#endedIds.has(id)) return;
    this.#openIds.add(id);
    this.#toSpeak.push({ id, plan });
    this.#speakNext();
  }

  #speakNext(): void {
    if (this.#isSpeaking || !this.isLive || this.isOver) return;
    const next = this.#toSpeak.shift();
    if (!next) return;
    this.#isSpeaking = true;
    const { clock } = this.#port;
    clock.schedule(next.plan.firstChunkAfterMs, () => this.#chunk(next.id, next.plan, 0));
  }

  #chunk(id: ResponseId, plan: ResponsePlan, index: number): void {
    const { clock, timeline, transport } = this.#port;
    if (this.isOver) return;
    if (index === plan.failsAt) timeline.responseFailed(id, 'the voice broke off');
    if (index >= plan.chunks || index === plan.failsAt) {
      timeline.audioEnded(id);
      if (index > 0) transport.end(id);
      this.#isSpeaking = false;
      this.#speakNext();
      return;
    }
    const count = plan.chunkMs * SAMPLES_PER_MS;
    // What is skipped or cut by now is not written, as no adapter does.
    if (!takesAudio(timeline.state, id)) {
      this.#isSpeaking = false;
      this.#speakNext();
      return;
    }
    if (index === 0) transport.announce(id);
    if (plan.wordTimes) {
      const endSamples = (index + 1) * count;
      const text = plan.marks ? wordOf(plan.texts, index) : 'word ';
      if (text !== undefined) timeline.wordsTimed(id, [{ text, endSamples }]);
    }
    const leavesAtMs = transport.write(id, count);
    timeline.audioSent(id, count, RATE_HZ, leavesAtMs);
    clock.schedule(plan.chunkEveryMs, () => this.#chunk(id, plan, index + 1));
  }
}

/** The voice speaks one word with each chunk. Marks need the words of the text. */
function wordOf(texts: readonly string[], index: number): string | undefined {
  return texts.join('').match(/\S+\s*/g)?.[index];
}
