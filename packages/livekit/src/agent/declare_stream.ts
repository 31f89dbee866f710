import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, type llm, log } from '@livekit/agents';
import { type DeclaredResponse, OncueError } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import type { FailOpen } from '../fail_open.ts';
import { declarationOf } from './declaring_chunks.ts';
import type { DeclaringTurn } from './declaring_turn.ts';
import type { Speech } from './speech.ts';
import { turnStorage } from './turn_storage.ts';

/** What an `llmNode` yields. */
export type LlmChunk = llm.ChatChunk | string | FlushSentinel;

/**
 * Reads what an agent's `llmNode` yields and passes it on to the pipeline with a `FlushSentinel` between responses, so
 * that each becomes a segment of its own.
 *
 * The source is read only on demand, one chunk at a time. When a generator calls `begin` or `queueAgentState`, every
 * chunk that it yielded before has been processed, so the call takes effect at its exact place in the text.
 */
export function declareStream(
  source: ReadableStream<LlmChunk>,
  speech: Speech,
  turn: DeclaringTurn,
): ReadableStream<LlmChunk> {
  const reader = turnStorage.run(turn, () => source.getReader());
  const chunks = declaredChunks(() => turnStorage.run(turn, () => reader.read()), speech, turn);
  return new ReadableStream<LlmChunk>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => {
        speech.failOpen.run('abandoning a turn', () => turn.inner.abandon(), undefined);
        // Not awaited: the interruption would wait for a chunk that nobody wants.
        reader.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

async function* declaredChunks(
  read: () => Promise<{ done: boolean; value?: LlmChunk | undefined }>,
  speech: Speech,
  turn: DeclaringTurn,
): AsyncGenerator<LlmChunk, void, void> {
  const splitter = new ResponseSplitter(speech, turn);
  const { failOpen } = speech;
  try {
    for (;;) {
      // A response that the generator has ended is complete: it must not wait for the generator's next chunk.
      const ended = turn.responseEnded();
      const next = read();
      if ((await Promise.race([ended, next])) === 'ended') yield* splitter.flush();
      const { done, value } = await next;
      if (done || value === undefined) return;
      yield* sorted(splitter, value, failOpen);
    }
  } catch (error) {
    failOpen.run('reporting a model that failed', () => failTurn(turn, speech, error), undefined);
  } finally {
    failOpen.run('ending a turn', () => turn.inner.close(), undefined);
  }
}

/**
 * The chunks that the pipeline gets for one chunk of the agent. A wrong declaration is the agent's own error and is thrown. If
 * Oncue fails, the chunk is passed on unchanged.
 */
function sorted(
  splitter: ResponseSplitter,
  chunk: LlmChunk,
  failOpen: FailOpen,
): readonly LlmChunk[] {
  try {
    return [...splitter.take(chunk)];
  } catch (error) {
    if (declarationOf(chunk) && error instanceof OncueError) throw error;
    failOpen.report('sorting text into responses', error);
    return [chunk];
  }
}

/**
 * Records the failure. The stream then ends as if it were complete, because an error in it would leave the pipeline
 * waiting forever: `performLLMInference` cancels its source before it closes its own streams, and cancelling a failed
 * stream throws.
 */
function failTurn(turn: DeclaringTurn, speech: Speech, error: unknown): void {
  const broken = turn.inner.current ?? turn.inner.addText('');
  speech.timeline.responseFailed(broken.id, messageOf(error));
  log().error({ error, speech_id: speech.handle.id, response_id: broken.id }, 'an llmNode failed');
}

/** Sorts chunks into responses. */
class ResponseSplitter {
  readonly #speech: Speech;
  readonly #turn: DeclaringTurn;
  /** The response whose text the pipeline is getting. */
  #spoken: DeclaredResponse | undefined;
  /** White space at the start of a response. A response with nothing else must not reach the synthesis [RS4]. */
  #heldBack = '';
  #heldBackFor: DeclaredResponse | undefined;

  constructor(speech: Speech, turn: DeclaringTurn) {
    this.#speech = speech;
    this.#turn = turn;
  }

  *take(chunk: LlmChunk): Generator<LlmChunk, void, void> {
    const declaration = declarationOf(chunk);
    if (declaration?.type === 'mark') {
      // It stands inside a response, which goes on.
      this.#turn.mark(declaration.name, declaration.options);
      return;
    }
    if (declaration?.type === 'response') this.#turn.begin(declaration.options);
    else if (declaration?.type === 'state') this.#turn.queueAgentState(declaration.state);
    else if (chunk === FlushSentinel) this.#turn.inner.endResponse();
    else {
      yield* this.#takeContent(chunk as llm.ChatChunk | string);
      return;
    }
    yield* this.flush();
  }

  /** Ends the pipeline's current segment, so that its last words are spoken now. */
  *flush(): Generator<LlmChunk, void, void> {
    if (!this.#spoken) return;
    this.#spoken = undefined;
    yield FlushSentinel;
  }

  *#takeContent(chunk: llm.ChatChunk | string): Generator<LlmChunk, void, void> {
    const text = typeof chunk === 'string' ? chunk : (chunk.delta?.content ?? '');
    if (text === '') {
      // An empty string would open an empty segment in the pipeline; a chunk without text may carry a tool call.
      if (typeof chunk !== 'string') yield chunk;
      return;
    }
    const response = this.#turn.inner.addText(text);
    this.#speech.textAdded(response.id, text);
    if (response.id === this.#spoken?.id) {
      yield chunk;
      return;
    }
    const held = this.#heldBackFor?.id === response.id ? this.#heldBack : '';
    this.#heldBackFor = response;
    this.#heldBack = held + text;
    if (this.#heldBack.trim() === '') {
      if (typeof chunk !== 'string') yield withoutText(chunk);
      return;
    }
    yield* this.flush();
    this.#spoken = response;
    this.#speech.expect(this.#turn.inner, response);
    if (held !== '') yield held;
    yield chunk;
  }
}

/** The chunk without its text. It may still carry a tool call or token usage. */
function withoutText(chunk: llm.ChatChunk): llm.ChatChunk {
  const { content: _, ...delta } = chunk.delta ?? { role: 'assistant' as const };
  return { ...chunk, delta };
}
