import { nextDue } from './deadlines.ts';
import { Draft } from './draft.ts';
import type { OncueEvent } from './events.ts';
import type { TimelineInput } from './inputs.ts';
import { unknownPath } from './path_delay.ts';
import { finishCutOnEstimate, finishHeard, resumeModel, startOnEstimate } from './playback.ts';
import { takeReport } from './reports.ts';
import { startPredicted } from './response_tasks.ts';
import { DEFAULT_TIMELINE_OPTIONS, type TimelineOptions, type TimelineState } from './state.ts';
import { takeTaskInput } from './task_inputs.ts';
import { takeTurnInput } from './turn_inputs.ts';
import { advanceAll } from './turns.ts';
import type { AgentMs } from './units.ts';

/** The state of a timeline in which nothing has happened. */
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
    path: unknownPath(full),
    bufferedUntilMs: 0 as AgentMs,
    droppedCount: 0,
    isClosed: false,
  };
}

/** What one input led to. */
export interface StepResult {
  readonly state: TimelineState;
  /** In the order in which they hold; the shell delivers and acts on them in this order. */
  readonly events: readonly OncueEvent[];
}

/**
 * The whole logic of a timeline, as a pure function: the same inputs give the same events.
 *
 * An input that names something that has ended, or never was, changes nothing: what is late on the way is normal.
 */
export function step(state: TimelineState, input: TimelineInput): StepResult {
  const draft = new Draft(state, input.atMs);
  if (!state.isClosed) takeInput(draft, input);
  else if (input.type === 'task_settled' || input.type === 'task_cancelled')
    takeTaskInput(draft, input);
  advanceAll(draft);
  return { state: draft.state, events: draft.events };
}

function takeInput(draft: Draft, input: TimelineInput): void {
  switch (input.type) {
    case 'playhead':
      takeReport(draft, input.report);
      return;
    case 'cut':
      cut(draft, input.by);
      return;
    case 'paused':
      if (draft.state.pausedAtMs === undefined) draft.patch({ pausedAtMs: input.atMs });
      return;
    case 'resumed':
      resume(draft);
      return;
    case 'listener_changed':
      if (draft.state.listening === input.listening) return;
      draft.patch({ listening: input.listening });
      draft.emit({ type: 'listener_changed', listening: input.listening });
      return;
    case 'report_dropped':
      draft.patch({ droppedCount: draft.state.droppedCount + 1 });
      draft.emit({
        type: 'report_dropped',
        reason: input.reason,
        droppedCount: draft.state.droppedCount,
      });
      return;
    case 'callback_threw':
      draft.emit({ type: 'callback_failed', during: input.during, message: input.message });
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

/** Everything sent is being stopped. What the listener heard of it is known when it says so, or the wait ends. */
function cut(draft: Draft, by: 'user' | 'agent'): void {
  for (const id of draft.state.playout) {
    const response = draft.response(id);
    if (!response || response.cut) continue;
    // A cut while paused stops the sound where the pause had stopped it.
    draft.patchResponse(id, { cut: { by, atMs: draft.state.pausedAtMs ?? draft.atMs } });
  }
  for (const turn of draft.state.turns) {
    if (turn.live && !turn.ending) draft.patchTurn(turn.id, { ending: { why: 'cut', by } });
  }
  settleCuts(draft);
  draft.patch({ bufferedUntilMs: draft.atMs });
  dropPause(draft);
}

/** Without a listener that reports there is nothing to wait for. */
function settleCuts(draft: Draft): void {
  if (draft.state.listening && !draft.state.isClosed) return;
  for (const id of draft.state.playout) {
    if (draft.response(id)?.cut) finishCutOnEstimate(draft, id);
  }
}

function resume(draft: Draft): void {
  if (draft.state.pausedAtMs !== undefined) resumeModel(draft, draft.state.pausedAtMs);
  dropPause(draft);
}

function dropPause(draft: Draft): void {
  const { pausedAtMs: _, ...rest } = draft.state;
  draft.state = rest;
}

/** Does all that was to be done by now. */
function tick(draft: Draft): void {
  for (;;) {
    const due = nextDue(draft.state);
    if (!due || due.atMs > draft.atMs) return;
    const response = draft.response(due.responseId);
    if (!response) return;
    if (due.what === 'predicted_start') startPredicted(draft, response, due.atMs);
    else if (due.what === 'estimated_start') startOnEstimate(draft, response);
    else if (due.what === 'cut_unreported') finishCutOnEstimate(draft, response.id);
    else finishHeard(draft, response.id, 'estimate');
    advanceAll(draft);
  }
}

function close(draft: Draft): void {
  draft.patch({ isClosed: true });
  cut(draft, 'agent');
  for (const turn of draft.state.turns) draft.patchTurn(turn.id, { ending: { why: 'closed' } });
}
