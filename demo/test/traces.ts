import type { AgentMs, OncueEvent, ResponseId, TimelineInput, TurnId } from '@oncue/core';
import type { TraceLine } from '@oncue/core/trace';
import type { UntimedNote } from '../src/terminal/notes.ts';
import { RunView } from '../src/terminal/run_view.ts';

const RATE_HZ = 16_000;

/** Writes the trace of a run, line by line, as the demo would; times are in ms since its start. */
export class TraceWriter {
  readonly lines: TraceLine[] = [];
  readonly view = new RunView();
  #seq = 0;

  note(atMs: number, note: UntimedNote): this {
    return this.#add({ kind: 'note', note: { ...note, atMs } });
  }

  /** Saved from a run that went on. */
  saved(atMs: number): this {
    return this.#add({ kind: 'note', note: { type: 'trace_saved', atMs } });
  }

  scene(atMs: number, outcomes: readonly string[], states: readonly string[]): this {
    const number = this.view.scenes.length + 1;
    return this.note(atMs, { type: 'scene', number, title: 'A scene', outcomes, states });
  }

  states(...states: readonly (readonly [atMs: number, state: string])[]): this {
    for (const [atMs, state] of states) this.note(atMs, { type: 'agent_state', state });
    return this;
  }

  /** A response is declared, with all of its text. */
  declared(atMs: number, id: string, text: string): this {
    const responseId = id as ResponseId;
    const turnId = 'turn' as TurnId;
    const metadata = { task: `task_of_${id}` };
    this.#input(atMs, { type: 'response_begun', turnId, responseId, implicit: false, metadata });
    return this.#input(atMs, { type: 'text_added', responseId, text });
  }

  /** Audio of it is handed over. */
  sent(atMs: number, id: string, lengthMs: number): this {
    const samples = (lengthMs * RATE_HZ) / 1000;
    const responseId = id as ResponseId;
    this.#input(atMs, { type: 'audio_sent', responseId, samples, sampleRateHz: RATE_HZ });
    return this.#input(atMs, { type: 'audio_ended', responseId });
  }

  /** Its first sample sounds, the event comes and the task runs. */
  started(atMs: number, id: string, lateMs = 0): this {
    this.#event(atMs + lateMs, id, {
      type: 'response_playback_started',
      startedAtMs: atMs,
      evidence: 'device',
      errorBoundMs: 0.0625,
    });
    return this.note(atMs + lateMs + 1, {
      type: 'task_ran',
      responseId: id,
      name: `task_of_${id}`,
    });
  }

  progressed(atMs: number, id: string, heardMs: number): this {
    const heardSamples = (heardMs * RATE_HZ) / 1000;
    return this.#event(atMs, id, { type: 'response_playback_progressed', heardSamples, heardMs });
  }

  finished(atMs: number, id: string, of: { heardMs: number; sentMs: number; text: string }): this {
    const isCut = of.heardMs < of.sentMs;
    return this.#event(atMs, id, {
      type: 'response_playback_finished',
      outcome: isCut ? 'cut' : 'heard',
      interrupted: isCut,
      ...(isCut ? { cutBy: 'user_speech' } : {}),
      heardMs: of.heardMs,
      sentMs: of.sentMs,
      heardSamples: (of.heardMs * RATE_HZ) / 1000,
      heardText: of.text,
    });
  }

  skipped(atMs: number, id: string, reason: string): this {
    return this.#event(atMs, id, { type: 'response_skipped', reason });
  }

  /** Its samples are found in the recording. */
  sounded(atMs: number, text: string, of: { heardMs: number; sentMs: number }): this {
    const soundedSamples = (of.heardMs * RATE_HZ) / 1000;
    this.note(atMs + 100, {
      type: 'sound_found',
      text,
      firstSampleAtMs: atMs,
      handedOverAtMs: atMs - 25,
    });
    return this.note(atMs + of.heardMs, {
      type: 'sound_measured',
      text,
      soundedSamples,
      silentSamples: 0,
      audibleSamples: soundedSamples,
      totalSamples: (of.sentMs * RATE_HZ) / 1000,
      endedAtMs: atMs + of.heardMs,
    });
  }

  /** The session is closed, and the run is over. */
  ended(atMs: number): this {
    this.#input(atMs, { type: 'closed' });
    return this.note(atMs, { type: 'run_ended' });
  }

  #input(atMs: number, input: object): this {
    return this.#add({
      kind: 'input',
      input: { ...input, atMs: atMs as AgentMs } as TimelineInput,
    });
  }

  #event(atMs: number, responseId: string, event: object): this {
    this.#seq += 1;
    const of = { responseId, turnId: 'turn', seq: this.#seq, atMs };
    return this.#add({ kind: 'event', event: { ...event, ...of } as unknown as OncueEvent });
  }

  #add(line: TraceLine): this {
    this.lines.push(line);
    this.view.take(line);
    return this;
  }
}

/** A scene as it should be: one response heard, the next cut by the user. */
export function goodRun(): TraceWriter {
  return new TraceWriter()
    .scene(0, ['heard', 'cut'], ['thinking', 'speaking', 'thinking', 'speaking', 'listening'])
    .note(1, { type: 'user_typed', text: 'Hello?' })
    .states([2, 'thinking'])
    .declared(10, 'a', 'One moment. ')
    .declared(20, 'b', 'Here is a longer answer.')
    .sent(980, 'a', 1000)
    .started(1000, 'a', 2)
    .states([1003, 'speaking'])
    .sent(1850, 'b', 3000)
    .finished(2000, 'a', { heardMs: 1000, sentMs: 1000, text: 'One moment. ' })
    .states([2001, 'thinking'])
    .started(2000, 'b', 3)
    .states([2002, 'speaking'])
    .progressed(3000, 'b', 1000)
    .note(3000, { type: 'user_spoke', text: 'Stop.', lengthMs: 500 })
    .finished(3500, 'b', { heardMs: 1500, sentMs: 3000, text: 'Here is a' })
    .note(3501, { type: 'message_stored', text: 'One moment. Here is a', interrupted: true })
    .states([3502, 'listening'])
    .sounded(1000, 'One moment. ', { heardMs: 1000, sentMs: 1000 })
    .sounded(2000, 'Here is a longer answer.', { heardMs: 1500, sentMs: 3000 })
    .ended(4000);
}
