import type { CutBy, OncueEvent } from '../events.ts';
import { DEFAULT_TIMELINE_OPTIONS, type TimelineOptions } from '../options.ts';
import type { AgentMs } from '../units.ts';
import { nextDue } from './deadlines.ts';
import { finishCutOnEstimate, finishHeard } from './finish.ts';
import type { CutReach, TimelineInput } from './inputs.ts';
import { reachMarks, reachOnEstimate } from './marks.ts';
import {
  changeAnswers,
  changeAudibility,
  countListeners,
  endUnanswered,
  forgetInaudibleTimes,
  skipInaudible,
} from './on_audibility.ts';
import { cutResponses, settleCuts } from './on_cut.ts';
import { endPause, pause, resume } from './on_pause.ts';
import { moveQueue } from './on_queue_moved.ts';
import { dropReports, finishStopped, giveUpReport, takeReport } from './on_report.ts';
import { takeTaskInput } from './on_task.ts';
import { takeTurnInput } from './on_turn.ts';
import { forgottenPath, unknownPath, withEstimate } from './path/path_delay.ts';
import { startOnEstimate } from './playback.ts';
import { advanceAll } from './queue/turn_queue.ts';
import { startPredicted } from './response_tasks.ts';
import { Draft } from './state/draft.ts';
import type { TimelineState } from './state/state.ts';

/** The state of a new timeline. */
export function initialState(options: Partial<TimelineOptions> = {}): TimelineState {
  const full = { ...DEFAULT_TIMELINE_OPTIONS, ...options };
  return {
    options: full,
    nextSeq: 1,
    turns: [],
    playout: [],
    runningTasks: [],
    recent: [],
    listening: false,
    listenerSinceMs: 0 as AgentMs,
    listeners: 'one',
    unreported: 'estimated',
    answers: true,
    audibility: 'listening',
    inaudibleTimes: [],
    whileInaudible: 'plays',
    path: unknownPath(full),
    bufferedUntilMs: 0 as AgentMs,
    endedLeftAtMs: 0 as AgentMs,
    playedUntilMs: 0 as AgentMs,
    pausedAtMs: undefined,
    pauseReaches: 'ear',
    droppedCount: 0,
    isClosed: false,
  };
}

/** The result of one input. */
export interface StepResult {
  readonly state: TimelineState;
  /** In the order in which the shell delivers them and acts on them. */
  readonly events: readonly OncueEvent[];
}

/**
 * The whole logic of a timeline, as a pure function: the same inputs give the same events.
 *
 * An input about something that has ended, or never existed, changes nothing, since late inputs are normal.
 */
export function step(state: TimelineState, input: TimelineInput): StepResult {
  const draft = new Draft(state, input.atMs);
  if (!state.isClosed) takeInput(draft, input);
  else takeLateInput(draft, input);
  // More audio alone moves no mark to before the playhead.
  if (input.type !== 'audio_sent') reachMarksOfHead(draft);
  finishStopped(draft);
  skipInaudible(draft);
  advanceAll(draft);
  forgetInaudibleTimes(draft);
  return { state: draft.state, events: draft.events };
}

function takeInput(draft: Draft, input: TimelineInput): void {
  switch (input.type) {
    case 'playhead':
      takeReport(draft, input.report);
      return;
    case 'cut':
      cut(draft, input.by, input.reaches);
      return;
    case 'paused':
      pause(draft, input.reaches);
      return;
    case 'resumed':
      resume(draft);
      return;
    case 'listener_changed':
      changeListener(draft, input);
      return;
    case 'listeners_counted':
      countListeners(draft, input.listeners);
      return;
    case 'report_given_up':
      giveUpReport(draft, input.responseId);
      return;
    case 'listener_answers':
      changeAnswers(draft, input);
      return;
    case 'audibility_changed':
      changeAudibility(draft, input);
      return;
    case 'queue_moved':
      moveQueue(draft, input);
      return;
    case 'path_estimated':
      draft.patch({ path: withEstimate(draft.state.path, input.delayMs, input.errorBoundMs) });
      return;
    case 'report_dropped':
      dropReports(draft, input.reason, input.count);
      return;
    case 'callback_threw':
      callbackThrew(draft, input);
      return;
    case 'message_corrected':
      messageCorrected(draft, input);
      return;
    case 'tick':
      tick(draft);
      return;
    case 'closed':
      close(draft);
      return;
    case 'task_bound':
    case 'task_settled':
    case 'task_cancelled':
      takeTaskInput(draft, input);
      return;
    default:
      takeTurnInput(draft, input);
  }
}

/** Text or word times may say only now that the playhead is past a mark. */
function reachMarksOfHead(draft: Draft): void {
  const headId = draft.state.playout[0];
  if (headId !== undefined) reachMarks(draft, headId);
}

/** A closed timeline still records how its last tasks, callbacks and messages end [TK4, TK6, LK21]. */
function takeLateInput(draft: Draft, input: TimelineInput): void {
  if (input.type === 'task_settled' || input.type === 'task_cancelled') takeTaskInput(draft, input);
  else if (input.type === 'callback_threw') callbackThrew(draft, input);
  else if (input.type === 'message_corrected') messageCorrected(draft, input);
}

function messageCorrected(
  draft: Draft,
  { messageId, text, before }: Extract<TimelineInput, { type: 'message_corrected' }>,
): void {
  draft.emit({ type: 'chat_message_corrected', messageId, text, before });
}

function callbackThrew(
  draft: Draft,
  { during, message }: Extract<TimelineInput, { type: 'callback_threw' }>,
): void {
  draft.emit({ type: 'callback_failed', during, message });
}

function changeListener(
  draft: Draft,
  { listening, unreported = 'estimated' }: Extract<TimelineInput, { type: 'listener_changed' }>,
): void {
  draft.patch({ unreported });
  if (listening || draft.state.listening) draft.patch({ listenerSinceMs: draft.atMs });
  // The path to this listener is not that to the one before it [LW10].
  if (listening) draft.patch({ path: forgottenPath(draft.state.path) });
  if (draft.state.listening === listening) return;
  if (!draft.state.answers) endUnanswered(draft);
  draft.patch({ listening, answers: true });
  draft.emit({ type: 'listener_changed', listening });
  // The listener's last report on cut responses will not come.
  if (!listening) settleCuts(draft);
}

/** Stops everything that was sent, and every turn that has the floor. */
function cut(draft: Draft, by: CutBy, reaches?: CutReach): void {
  for (const turn of draft.state.turns) {
    if (turn.live && !turn.ending) draft.patchTurn(turn.id, { ending: { why: 'cut', by } });
  }
  cutResponses(draft, draft.state.playout, by, reaches);
  endPause(draft);
}

/** Handles everything that is due by now. */
function tick(draft: Draft): void {
  for (;;) {
    const due = nextDue(draft.state);
    if (!due || due.atMs > draft.atMs) return;
    const response = draft.response(due.responseId);
    if (!response) return;
    if (due.what === 'predicted_start') startPredicted(draft, response, due.atMs);
    else if (due.what === 'estimated_start') startOnEstimate(draft, response);
    else if (due.what === 'estimated_mark') reachOnEstimate(draft, response.id);
    else if (due.what === 'cut_unreported') finishCutOnEstimate(draft, response.id);
    else finishHeard(draft, response.id);
    advanceAll(draft);
  }
}

function close(draft: Draft): void {
  draft.patch({ isClosed: true });
  for (const turn of draft.state.turns) draft.patchTurn(turn.id, { ending: { why: 'closed' } });
  cutResponses(draft, draft.state.playout, 'close');
  endPause(draft);
}
