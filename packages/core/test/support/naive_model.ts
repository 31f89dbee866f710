import { expect } from 'vitest';
import type { OncueEvent, OncueEventOf, TimelineInput } from '../../src/index.ts';
import {
  isDone,
  isGone,
  type NaiveResponse,
  type NaiveState,
  type NaiveTask,
  type NaiveTurn,
} from './naive_state.ts';

const STRENGTH = ['estimate', 'transport', 'device'];

/**
 * Follows the inputs of a timeline and checks its events against the rules. It shares no code with core and is simpler:
 * it cannot predict when something will happen, only whether what happened is allowed. `simulate/src/check` reads the same
 * rules a second time, on purpose: a mistake in one reading is not repeated in the other.
 */
export class NaiveModel {
  readonly #turns = new Map<string, NaiveTurn>();
  readonly #responses = new Map<string, NaiveResponse>();
  readonly #tasks = new Map<string, NaiveTask>();
  readonly #playout: NaiveResponse[] = [];
  #seq = 0;
  #dropped = 0;
  #paused = false;
  #closed = false;
  #input: TimelineInput = { type: 'tick', atMs: 0 as never };

  get openTurns(): readonly NaiveTurn[] {
    return [...this.#turns.values()].filter((turn) => !isGone(turn));
  }

  readonly follow = (input: TimelineInput, events: readonly OncueEvent[]): void => {
    this.#input = input;
    if (this.#closed) {
      const late = ['task_finished', 'task_failed', 'task_aborted', 'callback_failed'];
      for (const { type } of events) expect(late, 'nothing after a close [CL1]').toContain(type);
    }
    this.#take(input);
    for (const event of events) this.#check(event);
    this.#checkDrops(input, events);
  };

  /** Checks that everything has ended in some way [RS3, SQ3, LW3]. */
  checkAllOver(): void {
    for (const response of this.#responses.values()) expect(response.end).toBeDefined();
    expect(this.openTurns).toEqual([]);
    for (const { responseId, status, ofMark } of this.#tasks.values()) {
      if (ofMark && status === 'bound') continue;
      expect(status === 'bound' ? this.#responses.get(responseId)?.end : 'skipped').toBe('skipped');
    }
  }

  #take(input: TimelineInput): void {
    if (this.#closed) return;
    switch (input.type) {
      case 'turn_opened':
        this.#turns.set(input.turnId, { id: input.turnId, items: [], live: false, closed: false });
        return;
      case 'response_begun':
        this.#begin(input);
        return;
      case 'state_queued': {
        const turn = this.#turns.get(input.turnId);
        turn?.items.push({ kind: 'state', state: input.state, done: false, held: false });
        return;
      }
      case 'turn_closed':
        this.#withTurn(input.turnId, (turn) => {
          turn.closed = true;
        });
        return;
      case 'turn_live':
        this.#withTurn(input.turnId, (turn) => {
          turn.live = true;
        });
        return;
      case 'turn_ended':
        this.#withTurn(input.turnId, (turn) => this.#end(turn, input.cutBy ? 'cut' : 'ended'));
        return;
      case 'cut':
        for (const turn of this.#turns.values()) if (turn.live) this.#end(turn, 'cut');
        this.#paused = false;
        return;
      case 'closed':
        for (const turn of this.#turns.values()) if (!isGone(turn)) turn.over = 'closed';
        this.#closed = true;
        return;
      case 'paused':
        this.#paused = true;
        return;
      case 'resumed':
        this.#paused = false;
        return;
      default:
        this.#takeOfResponse(input);
    }
  }

  #takeOfResponse(input: TimelineInput): void {
    if (input.type === 'task_bound') {
      const { taskId, responseId, timing } = input;
      const predicted = timing === 'predicted';
      this.#tasks.set(taskId, { responseId, predicted, status: 'bound' });
    }
    if (input.type === 'mark_placed' && input.taskId !== undefined) {
      const { taskId, responseId } = input;
      this.#tasks.set(taskId, { responseId, predicted: false, ofMark: true, status: 'bound' });
    }
    const response = 'responseId' in input ? this.#responses.get(input.responseId) : undefined;
    if (!response || response.end) return;
    if (input.type === 'text_added' && !response.textIsFinal) response.text += input.text;
    if (input.type === 'mark_placed') response.marks.add(input.name);
    if (input.type === 'audio_ended') response.noMoreAudio = true;
    if (input.type === 'response_failed') response.failed = true;
    if (input.type !== 'audio_sent' || response.noMoreAudio || response.turn?.over) return;
    if (!(input.samples > 0)) return;
    if (response.sent === 0) {
      response.sentFromMs = input.atMs;
      this.#sendFirst(response);
    }
    response.sent += input.samples;
  }

  /** Responses play in the order in which they are sent, and sending one ends the audio of all earlier ones. */
  #sendFirst(response: NaiveResponse): void {
    for (const before of this.#playout) before.noMoreAudio = true;
    for (const before of response.turn?.items ?? []) {
      if (before === response) break;
      if (before.kind === 'response') before.noMoreAudio = true;
    }
    this.#playout.push(response);
    if (response.turn) response.turn.live = true;
  }

  #begin(input: Extract<TimelineInput, { type: 'response_begun' }>): void {
    const turn = this.#turns.get(input.turnId);
    const response: NaiveResponse = {
      kind: 'response',
      id: input.responseId,
      turn,
      index: turn?.items.filter(({ kind }) => kind === 'response').length ?? 0,
      metadata: input.metadata,
      text: '',
      textIsFinal: false,
      sent: 0,
      sentFromMs: Number.POSITIVE_INFINITY,
      noMoreAudio: false,
      failed: false,
      heard: 0,
      marks: new Set(),
    };
    turn?.items.push(response);
    this.#responses.set(input.responseId, response);
  }

  #end(turn: NaiveTurn, why: 'cut' | 'ended'): void {
    if (turn.over || isGone(turn)) return;
    turn.over = why;
    for (const item of turn.items) {
      if (item.kind !== 'response' || item.sent === 0) continue;
      if (why === 'cut' && !item.noMoreAudio) item.textIsFinal = true;
      item.noMoreAudio = true;
    }
  }

  #withTurn(id: string, run: (turn: NaiveTurn) => void): void {
    const turn = this.#turns.get(id);
    if (turn) run(turn);
  }

  #check(event: OncueEvent): void {
    this.#seq += 1;
    expect(event.seq, 'increases by one [RS5]').toBe(this.#seq);
    expect(event.atMs).toBe(this.#input.atMs);
    if ('responseId' in event) this.#checkNames(event);
    switch (event.type) {
      case 'response_playback_started':
        this.#checkStart(event);
        return;
      case 'response_playback_progressed':
        this.#checkProgress(event);
        return;
      case 'response_playback_refined': {
        const { response } = this.#of(event);
        expect(event.before.evidence).toBe(response.evidence);
        const strengths = [event, event.before].map(({ evidence }) => STRENGTH.indexOf(evidence));
        expect(strengths[0]).toBeGreaterThanOrEqual(strengths[1] ?? 0);
        if (strengths[0] === strengths[1])
          expect(event.errorBoundMs).toBeLessThan(event.before.errorBoundMs);
        response.evidence = event.evidence;
        return;
      }
      case 'response_playback_finished':
        this.#checkFinish(event);
        return;
      case 'response_mark_reached':
        this.#checkMark(event);
        return;
      case 'response_skipped':
        this.#checkSkip(event);
        return;
      case 'agent_state_applied':
        this.#checkApplied(event);
        return;
      case 'agent_state_dropped':
        this.#checkDropped(event);
        return;
      case 'report_dropped':
        this.#dropped += event.count;
        expect(event.droppedCount).toBe(this.#dropped);
        return;
      default:
        this.#checkTask(event);
    }
  }

  #of(event: { readonly responseId: string }): { response: NaiveResponse } {
    const response = this.#responses.get(event.responseId);
    if (!response) throw new Error(`an event of ${event.responseId}, which was never declared`);
    return { response };
  }

  #checkNames(event: Extract<OncueEvent, { responseId: string }>): void {
    const { turn, index, metadata } = this.#of(event).response;
    expect(event.turnId).toBe(turn?.id);
    expect(event.index).toBe(index);
    expect(event.metadata).toBe(metadata);
  }

  #checkStart(event: OncueEventOf<'response_playback_started'>): void {
    const { response } = this.#of(event);
    expect(response.evidence, 'one start [PB1]').toBeUndefined();
    expect(response.end, 'no start after the end [PB4]').toBeUndefined();
    expect(response.sent, 'nothing sounds that was not sent [PB1]').toBeGreaterThan(0);
    expect(event.startedAtMs, 'sent before').toBeGreaterThanOrEqual(response.sentFromMs);
    response.evidence = event.evidence;
    for (const before of this.#playout) {
      if (before === response) break;
      expect(before.end, 'the earlier ones have ended [RS5]').toBeDefined();
    }
    for (const item of response.turn?.items ?? []) {
      if (item === response) break;
      expect(this.#isDoneOrHeld(item), 'what was declared before is done [SQ1][SQ6]').toBe(true);
    }
    const input = this.#input;
    if (event.evidence !== 'estimate') {
      this.#checkMoved(event, response);
    } else if (input.type === 'tick' && !response.turn?.over) {
      expect(this.#paused, 'nothing starts during a pause [PB9]').toBe(false);
      expect(event.startedAtMs).toBeLessThanOrEqual(event.atMs);
    }
  }

  /** A start that is told as measured is the reported one, or a little later: by the bound, and by the drift of the clocks. */
  #checkMoved(event: OncueEventOf<'response_playback_started'>, { id }: NaiveResponse): void {
    if (this.#input.type !== 'playhead') throw new Error('a measured start has a report [PB5]');
    const { report } = this.#input;
    expect(report.responseId, 'a measured start has a report [PB5]').toBe(id);
    expect(report.heardSamples).toBeGreaterThan(0);
    const movedMs = event.startedAtMs - report.startedAtMs;
    const driftMs = 0.002 * (report.positionAtMs - report.startedAtMs) + 1e-6;
    expect(movedMs).toBeLessThanOrEqual(Math.min(report.errorBoundMs, 1000) + driftMs);
    expect(movedMs).toBeGreaterThanOrEqual(0);
  }

  #checkProgress(event: OncueEventOf<'response_playback_progressed'>): void {
    const { response } = this.#of(event);
    expect(response.evidence).toBeDefined();
    expect(response.end).toBeUndefined();
    expect(event.heardSamples, 'never decreases [PB7]').toBeGreaterThan(response.heard);
    expect(event.heardSamples, 'never exceeds sent [PB7]').toBeLessThanOrEqual(response.sent);
    expect(event.sentSamples).toBe(response.sent);
    response.heard = event.heardSamples;
  }

  #checkMark(event: OncueEventOf<'response_mark_reached'>): void {
    const { response } = this.#of(event);
    expect(response.marks.delete(event.name), 'placed, and reached once [MK1]').toBe(true);
    expect(response.evidence, 'only after the start [MK1]').toBeDefined();
    expect(response.end, 'only before the end [MK1]').toBeUndefined();
    expect(event.textOffset).toBeLessThanOrEqual(response.text.length);
    expect(event.errorBoundMs).toBeGreaterThanOrEqual(0);
    if (this.#input.type === 'tick') expect(event.reachedAtMs).toBeLessThanOrEqual(event.atMs);
  }

  #checkFinish(event: OncueEventOf<'response_playback_finished'>): void {
    const { response } = this.#of(event);
    expect(response.evidence, 'an end has a start [PB3]').toBeDefined();
    expect(response.end, 'one end [RS3]').toBeUndefined();
    response.end = event.outcome;
    expect(event.interrupted).toBe(event.outcome === 'cut');
    expect(event.heardSamples).toBe(response.heard);
    // A listener's report may correct an estimated start.
    if (this.#input.type !== 'playhead') expect(event.heardSamples).toBeGreaterThan(0);
    expect(event.sentSamples).toBe(response.sent);
    expect(event.fullText).toBe(response.text);
    expect(response.text.startsWith(event.heardText), 'heard text is a prefix [PB8]').toBe(true);
    if (event.outcome === 'heard') expect(event.heardSamples).toBe(event.sentSamples);
    if (event.outcome === 'failed') expect(response.failed).toBe(true);
    if (event.outcome === 'cut') this.#expectStopped(response);
  }

  /** Whether a cut, the end of its turn or the listener stopped it. */
  #expectStopped(response: NaiveResponse): void {
    const input = this.#input;
    if (input.type === 'playhead' && input.report.phase !== 'playing') return;
    expect(['cut', 'closed', 'ended']).toContain(response.turn?.over);
  }

  #checkSkip(event: OncueEventOf<'response_skipped'>): void {
    const { response } = this.#of(event);
    expect(response.evidence, 'no skip after a start [PB4]').toBeUndefined();
    expect(response.end, 'one end [RS3]').toBeUndefined();
    response.end = 'skipped';
    const { turn, text, sent } = response;
    if (event.reason === 'no_text') expect(text.trim()).toBe('');
    if (event.reason === 'no_audio') expect([sent, response.noMoreAudio]).toEqual([0, true]);
    if (event.reason === 'failed') expect(response.failed).toBe(true);
    if (event.reason === 'closed') expect(this.#closed).toBe(true);
    if (event.reason === 'cut') this.#expectStopped(response);
    for (const task of this.#tasks.values()) {
      if (task.responseId === response.id) expect(task.status).not.toBe('running');
    }
    for (const item of turn?.items ?? []) {
      if (item === response || sent > 0) break;
      expect(this.#isDoneOrHeld(item), 'worked off in order').toBe(true);
    }
  }

  /** A state that becomes due in a pause waits for its end, and what comes after it does not wait for it [SQ6]. */
  #isDoneOrHeld(item: NaiveResponse | NaiveState): boolean {
    if (item.kind === 'state' && this.#paused) item.held = true;
    return isDone(item) || (item.kind === 'state' && item.held);
  }

  #checkApplied(event: OncueEventOf<'agent_state_applied'>): void {
    const turn = this.#turns.get(event.turnId);
    expect(turn?.over, 'nothing after the end of the turn [SQ4]').toBeUndefined();
    expect(this.#paused, 'the state stands still in a pause [SQ6]').toBe(false);
    if (event.source === 'mark') return;
    if (event.source === 'playback') {
      expect(event.state).toBe('speaking');
      return;
    }
    expect(turn?.live, 'only with the floor [SQ1]').toBe(true);
    this.#takeState(turn, event.state);
  }

  #checkDropped(event: OncueEventOf<'agent_state_dropped'>): void {
    const turn = this.#turns.get(event.turnId);
    const reason = turn?.over === 'ended' ? 'turn_ended' : turn?.over;
    const isLate = this.#input.type === 'state_queued' && event.reason === 'turn_ended';
    if (!isLate) expect(event.reason).toBe(reason);
    this.#takeState(turn, event.state);
  }

  /** States apply in order, each once [SQ3]. Nothing after one has sounded yet, and all before it has ended [SQ1]. */
  #takeState(turn: NaiveTurn | undefined, state: string): void {
    const items = turn?.items ?? [];
    const place = items.findIndex((item) => item.kind === 'state' && !item.done);
    const item = items[place];
    if (item?.kind !== 'state') throw new Error('a state that was not queued, or twice [SQ3]');
    expect(item.state).toBe(state);
    item.done = true;
    expect(items.slice(0, place).every(isDone), 'all before it has ended [SQ1]').toBe(true);
    for (const later of items.slice(place)) {
      if (later.kind === 'response' && !item.held) expect(later.evidence).toBeUndefined();
    }
  }

  #checkTask(event: OncueEvent): void {
    if (!('taskId' in event)) return;
    const task = this.#tasks.get(event.taskId);
    const { response } = this.#of(event);
    expect(task?.responseId).toBe(response.id);
    if (!task) return;
    if (event.type === 'task_started') {
      expect(task.status, 'starts once [TK1]').toBe('bound');
      if (event.timing === 'confirmed') expect(response.evidence).toBeDefined();
      else expect([task.predicted, response.evidence]).toEqual([true, undefined]);
      task.status = 'running';
      return;
    }
    expect(task.status).toBe('running');
    task.status = 'over';
  }

  /** A report that cannot be true leads to one drop and nothing else [LW1]. */
  #checkDrops(input: TimelineInput, events: readonly OncueEvent[]): void {
    if (input.type !== 'playhead' || this.#closed) return;
    const { responseId, heardSamples } = input.report;
    const response = this.#responses.get(responseId);
    const isKnown = response !== undefined;
    const ended = response?.end !== undefined;
    const isPossible = isKnown && (ended || (heardSamples >= 0 && heardSamples <= response.sent));
    if (!isPossible) expect(events.map(({ type }) => type)).toEqual(['report_dropped']);
  }
}
