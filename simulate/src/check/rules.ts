import type { OncueEvent, OncueEventOf, TimelineInput } from '@oncue/core';
import { checkAllReached, checkMark } from './mark_rules.ts';
import {
  isDone,
  NaiveInputs,
  type NaiveResponse,
  type NaiveState,
  type NaiveTurn,
} from './naive_state.ts';
import { hold, Violation } from './violation.ts';

const STRENGTH = ['estimate', 'transport', 'device'];
const AFTER_CLOSE = ['task_finished', 'task_failed', 'task_aborted', 'callback_failed'];

/** Holds the events of a timeline against the rules on order, number and kind, whatever was truly heard. */
export class Rules {
  readonly inputs = new NaiveInputs();
  #seq = 0;
  #input: TimelineInput | undefined;
  /** Before this input, which may have ended the pause. */
  #wasPaused = false;
  /** @throws Violation */
  readonly follow = (input: TimelineInput, events: readonly OncueEvent[]): void => {
    this.#input = input;
    if (this.inputs.isClosed)
      for (const { type } of events) hold('nothing after close [CL1]', AFTER_CLOSE.includes(type));
    this.#wasPaused = this.inputs.isPaused;
    this.inputs.take(input);
    for (const event of events) this.#check(event);
  };

  /** Everything has ended in one way or the other. @throws Violation */
  checkAllOver(taskCalls: number): void {
    for (const { id, end } of this.inputs.responses.values())
      hold('every response ends [RS3]', end !== undefined, () => id);
    for (const turn of this.inputs.openTurns)
      hold('every turn ends, every state is applied or dropped [SQ3][LW3]', false, () => turn.id);
    let started = 0;
    for (const [taskId, { responseId, isOfMark, status }] of this.inputs.tasks) {
      const heard = !isOfMark && this.inputs.responses.get(responseId)?.start !== undefined;
      hold('a task of what is heard starts [TK1]', !heard || status !== 'bound', () => taskId);
      hold('every task that started ends', status !== 'running', () => taskId);
      if (status !== 'bound') started += 1;
    }
    hold('a task is called as often as it starts [TK1]', taskCalls === started);
  }

  #check(event: OncueEvent): void {
    this.#seq += 1;
    hold('seq counts up by one [RS5]', event.seq === this.#seq);
    hold('an event is of its instant', event.atMs === this.#input?.atMs);
    switch (event.type) {
      case 'response_playback_started':
        this.#checkStart(event);
        return;
      case 'response_playback_progressed':
        this.#checkProgress(event);
        return;
      case 'response_playback_refined':
        this.#checkRefined(event);
        return;
      case 'response_playback_finished':
        this.#checkFinish(event);
        return;
      case 'response_mark_reached':
        checkMark(event, this.#of(event), this.inputs, this.#input);
        return;
      case 'response_skipped':
        this.#checkSkip(event);
        return;
      case 'response_outcome_corrected':
        this.#checkCorrected(event);
        return;
      case 'agent_state_applied':
        this.#checkApplied(event);
        return;
      case 'agent_state_dropped':
        this.#checkDropped(event);
        return;
      default:
        this.#checkTask(event);
    }
  }

  #of({ responseId }: { readonly responseId: string }): NaiveResponse {
    const response = this.inputs.responses.get(responseId);
    if (!response) throw new Violation('an event names a response that was declared', responseId);
    return response;
  }

  #checkStart(event: OncueEventOf<'response_playback_started'>): void {
    const response = this.#of(event);
    hold('one start [PB1]', response.start === undefined, () => response.id);
    hold('no start after the end [PB4]', response.end === undefined, () => response.id);
    hold('nothing sounds that was not sent [PB1]', response.sent > 0, () => response.id);
    hold(
      'names its turn and place [PB2]',
      event.index === response.index && event.turnId === response.turn?.id,
    );
    const { startedAtMs, evidence, errorBoundMs } = event;
    response.start = { startedAtMs, evidence, errorBoundMs };
    for (const before of this.inputs.playout) {
      if (before === response) break;
      hold(
        'the earlier have ended when a later sounds [RS5]',
        before.end !== undefined,
        () => before.id,
      );
    }
    for (const item of response.turn?.items ?? []) {
      if (item === response) break;
      hold('what was declared before is done [SQ1]', this.#isDoneOrHeld(item), () => response.id);
    }
    if (this.#input?.type === 'tick' && evidence === 'estimate' && !response.turn?.over)
      hold('nothing starts on the estimate in a pause [PB9]', !this.inputs.isPaused);
  }

  #checkProgress(event: OncueEventOf<'response_playback_progressed'>): void {
    const response = this.#of(event);
    hold('no progress without a start [PB1]', response.start !== undefined);
    hold('no progress after the end [RS3]', response.end === undefined);
    hold(
      'heardSamples never goes back [PB7]',
      event.heardSamples > response.heard || this.inputs.isHearingTold,
    );
    hold(
      'heardSamples never exceeds sentSamples [PB7]',
      event.heardSamples <= response.sent,
      () => response.id,
    );
    hold('sentSamples is what was sent', event.sentSamples === response.sent, () => response.id);
    response.heard = event.heardSamples;
  }

  #checkRefined(event: OncueEventOf<'response_playback_refined'>): void {
    const response = this.#of(event);
    const { before, startedAtMs, evidence, errorBoundMs } = event;
    hold('refines what was told [PB5]', before.startedAtMs === response.start?.startedAtMs);
    const gain = STRENGTH.indexOf(evidence) - STRENGTH.indexOf(before.evidence);
    const isTighter = errorBoundMs <= before.errorBoundMs - 1;
    hold('a refinement is better [PB5]', gain > 0 || (gain === 0 && isTighter));
    response.start = { startedAtMs, evidence, errorBoundMs };
  }

  #checkFinish(event: OncueEventOf<'response_playback_finished'>): void {
    const response = this.#of(event);
    hold('an end has a start [PB3]', response.start !== undefined, () => response.id);
    hold('one end [RS3]', response.end === undefined, () => response.id);
    response.end = event.outcome;
    // What sounded while nobody could hear may become known later, and is taken back [AU6].
    const isKnown = event.heardSamples === response.heard;
    hold('an end tells what was heard', isKnown || this.inputs.isHearingTold);
    response.heard = event.heardSamples;
    // A listener that says that it was stopped before the first sample knows better than a start that was estimated.
    const isCorrection = event.outcome === 'cut' && this.#input?.type === 'playhead';
    hold(
      'what ends was heard [PB1]',
      response.heard > 0 || isCorrection || this.inputs.isHearingTold,
    );
    hold('sentSamples is what was sent', event.sentSamples === response.sent, () => response.id);
    hold('fullText is the text [HT5]', event.fullText === response.text, () => response.id);
    if (!event.inaudible)
      hold('heardText is a prefix [HT1]', response.text.startsWith(event.heardText));
    hold(
      'an end does not precede its start [PB13]',
      event.endedAtMs >= (response.start?.startedAtMs ?? 0),
    );
    const isAllHeard = event.outcome === 'heard' && event.heardText === event.fullText;
    // By estimate a mark may have sounded to nobody, and is gone when a report says that it sounded later.
    if (isAllHeard && !event.inaudible && !response.wasUnheard) checkAllReached(response);
    if (event.outcome === 'heard')
      hold('heard means all of it [PB3]', event.heardSamples === event.sentSamples);
    if (event.outcome === 'failed') hold('failed means that it failed [RS7]', response.failed);
    if (event.outcome === 'cut') this.#holdStopped(response);
  }

  /** Only a measured report of a response that has ended takes back what was told last, and it says something else. */
  #checkCorrected(event: OncueEventOf<'response_outcome_corrected'>): void {
    const response = this.#of(event);
    const input = this.#input;
    const { before, outcome, heardSamples, heardText } = event;
    const isReported = input?.type === 'playhead' && input.report.responseId === response.id;
    hold('a correction comes from a report of it [PB19]', isReported, () => response.id);
    hold('an estimate corrects nothing [PB19]', event.evidence !== 'estimate', () => response.id);
    hold('a correction comes after the end [PB19]', response.end !== undefined);
    hold(
      'a correction names what was told last [PB19]',
      before.outcome === response.end && before.heardSamples === response.heard,
      () => response.id,
    );
    hold(
      'a correction changes something [PB19]',
      outcome !== before.outcome || heardSamples !== before.heardSamples,
    );
    hold(
      'what was skipped is corrected only by what was heard [PB19]',
      before.outcome !== 'skipped' || heardSamples > 0,
    );
    hold('heardSamples never exceeds sentSamples [PB7]', heardSamples <= response.sent);
    hold('sentSamples is what was sent', event.sentSamples === response.sent, () => response.id);
    hold('fullText is the text [HT5]', event.fullText === response.text, () => response.id);
    if (!event.inaudible) hold('heardText is a prefix [HT1]', response.text.startsWith(heardText));
    if (outcome === 'heard')
      hold('heard means all of it [PB3]', heardSamples === event.sentSamples);
    if (outcome === 'failed') hold('failed means that it failed [RS7]', response.failed);
    if (outcome === 'cut' && before.outcome !== 'cut') this.#holdStopped(response);
    response.end = outcome;
    response.heard = heardSamples;
  }

  /** By a cut, by the end of its turn, or by the listener. */
  #holdStopped(response: NaiveResponse): void {
    const input = this.#input;
    if (input?.type === 'playhead' && input.report.phase !== 'playing') return;
    hold('cut means that it was stopped', response.turn?.over !== undefined, () => response.id);
  }

  #checkSkip(event: OncueEventOf<'response_skipped'>): void {
    const response = this.#of(event);
    hold('no skip after a start [PB4]', response.start === undefined, () => response.id);
    hold('one end [RS3]', response.end === undefined, () => response.id);
    response.end = 'skipped';
    const { reason } = event;
    if (reason === 'no_text') hold('no_text has no text [RS4]', response.text.trim() === '');
    if (reason === 'no_audio')
      hold('no_audio has no audio [RS4]', response.sent === 0 && response.noMoreAudio);
    if (reason === 'failed') hold('failed means that it failed [RS7]', response.failed);
    if (reason === 'cut') this.#holdStopped(response);
    for (const task of this.inputs.tasks.values())
      if (task.responseId === response.id)
        hold(
          'no task runs on for the unheard [TK1][TK5]',
          task.status !== 'running',
          () => response.id,
        );
    for (const item of response.turn?.items ?? []) {
      if (item === response || response.sent > 0) break;
      hold('worked off in order [RS5]', this.#isDoneOrHeld(item), () => response.id);
    }
  }

  /** A state that is due in a pause waits for its end, and what comes after it does not wait for it [SQ6]. */
  #isDoneOrHeld(item: NaiveResponse | NaiveState): boolean {
    if (item.kind === 'response') return isDone(item);
    item.isHeld ||= this.inputs.isPaused || this.#wasPaused;
    return item.isDone || item.isHeld;
  }

  #checkApplied(event: OncueEventOf<'agent_state_applied'>): void {
    hold('the state stands still in a pause [SQ6]', !this.inputs.isPaused, () => event.turnId);
    const turn = this.inputs.turns.get(event.turnId);
    hold('no state after the end of its turn [SQ4]', turn?.over === undefined, () => event.turnId);
    if (event.source === 'playback') {
      hold('playback puts the agent in speaking [SQ2]', event.state === 'speaking');
      return;
    }
    hold('a queued state needs the floor [SQ1]', turn?.isLive === true, () => event.turnId);
    this.#takeState(turn, event.state);
  }

  #checkDropped(event: OncueEventOf<'agent_state_dropped'>): void {
    const turn = this.inputs.turns.get(event.turnId);
    const reason = turn?.over === 'ended' ? 'turn_ended' : turn?.over;
    const isLate = this.#input?.type === 'state_queued' && event.reason === 'turn_ended';
    hold('a drop says why [SQ3]', isLate || event.reason === reason, () => event.turnId);
    this.#takeState(turn, event.state);
  }

  #takeState(turn: NaiveTurn | undefined, state: string): void {
    const items = turn?.items ?? [];
    const place = items.findIndex((item) => item.kind === 'state' && !item.isDone);
    const item = items[place];
    if (item?.kind !== 'state') throw new Violation('each queued state once [SQ3]', state);
    hold('states in their order [SQ3]', item.state === state);
    item.isDone = true;
    hold('all before a state has ended [SQ1]', items.slice(0, place).every(isDone));
    for (const later of items.slice(place))
      if (later.kind === 'response' && !item.isHeld)
        hold('nothing after a state has sounded [SQ1]', later.start === undefined, () => later.id);
  }

  #checkTask(event: OncueEvent): void {
    if (event.type === 'callback_failed')
      throw new Violation('no callback fails', `${event.during}: ${event.message}`);
    if (!('taskId' in event)) return;
    const task = this.inputs.tasks.get(event.taskId);
    const response = this.#of(event);
    if (task?.responseId !== response.id)
      throw new Violation('a task is that of its response [TK1]', event.taskId);
    if (event.type !== 'task_started') {
      hold('what ends was running [TK3]', task.status === 'running', () => event.taskId);
      task.status = 'over';
      return;
    }
    hold('a task starts once [TK1]', task.status === 'bound', () => event.taskId);
    if (event.timing === 'confirmed')
      hold('a task starts with the sound [TK1]', response.start !== undefined);
    else
      hold(
        'a prediction comes before the sound [TK5]',
        task.isPredicted && response.start === undefined,
      );
    task.status = 'running';
  }
}
