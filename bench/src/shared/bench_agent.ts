import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, voice } from '@livekit/agents';
import type { ResponseTask, TaskTiming } from '@oncue/core';
import { currentTurn } from '@oncue/livekit';

/** Which response of which speech, as both sides of a comparison name it. */
export interface ResponseKey {
  readonly speechId: string;
  readonly index: number;
}

type OnTask = (key: ResponseKey, firedAtMs: number) => void;

/**
 * Says what is in its script, one response after the other in one `llmNode` run. With Oncue the responses are
 * declared, each gets a task, and `thinking` is queued between them; without it, a `FlushSentinel` separates them, as in plain LiveKit.
 */
export class BenchAgent extends voice.Agent {
  /** The responses of the next turn. */
  script: readonly string[] = [];
  /** With Oncue: `thinking` is queued between two responses. */
  queuesStates = true;
  readonly #onTask: OnTask | undefined;
  readonly #timing: TaskTiming;

  /** @param onTask Given for a session with Oncue. */
  constructor(onTask?: OnTask, timing: TaskTiming = 'confirmed') {
    super({ instructions: '' });
    this.#onTask = onTask;
    this.#timing = timing;
  }

  override async llmNode(): Promise<ReadableStream<string | typeof FlushSentinel>> {
    const texts = this.script;
    const onTask = this.#onTask;
    if (!onTask) return ReadableStream.from(flushed(texts));
    const of = { onTask, timing: this.#timing, queuesStates: this.queuesStates };
    return ReadableStream.from(declared(texts, of));
  }
}

async function* declared(
  texts: readonly string[],
  {
    onTask,
    timing,
    queuesStates,
  }: {
    readonly onTask: OnTask;
    readonly timing: TaskTiming;
    readonly queuesStates: boolean;
  },
): AsyncGenerator<string> {
  const turn = currentTurn();
  for (const [index, text] of texts.entries()) {
    if (index > 0 && queuesStates) turn.queueAgentState('thinking');
    const run: ResponseTask = (event) => {
      const firedAtMs = performance.now();
      onTask({ speechId: event.speechId ?? '', index }, firedAtMs);
    };
    turn.begin({ task: { run, timing } });
    yield text;
  }
}

async function* flushed(texts: readonly string[]): AsyncGenerator<string | typeof FlushSentinel> {
  for (const [index, text] of texts.entries()) {
    if (index > 0) yield FlushSentinel;
    yield text;
  }
}
