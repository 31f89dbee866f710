import type { OncueEvent } from '@oncue/core';
import { cutByText, SKIP_REASON_TEXT, type TraceLine } from '@oncue/core/trace';
import { figuresOf } from '../judge/figures.ts';
import { type RunNote, runNoteOf } from './notes.ts';
import type { ResponseView, RunView } from './run_view.ts';
import { inSeconds, signed, signedMs } from './wording.ts';

const TIME_COLUMNS = 9;
const STATE_COLUMNS = 10;

/**
 * The text lines for one line of the trace: time since the start, state, event. Call it after the view has taken the
 * line.
 *
 * @returns No line if a reader need not see it, several lines for the head of a scene.
 */
export function eventLines(line: TraceLine, view: RunView): string[] {
  if (line.kind === 'header' || line.kind === 'input') return [];
  const note = line.kind === 'note' ? runNoteOf(line.note) : undefined;
  if (note?.type === 'scene') return ['', `── ${note.number}  ${note.title}`];
  const text = line.kind === 'event' ? eventText(line.event, view) : note && noteText(note, view);
  if (text === undefined) return [];
  const { atMs } = line.kind === 'event' ? line.event : line.note;
  const time = ((atMs - (view.startedAtMs ?? 0)) / 1000).toFixed(3).padStart(TIME_COLUMNS - 2);
  const state = view.scene?.seenStates.at(-1)?.state ?? '';
  return [`${time} s  ${state.padEnd(STATE_COLUMNS)}  ${text}`];
}

function eventText(event: OncueEvent, view: RunView): string | undefined {
  const response = 'responseId' in event ? view.response(event.responseId) : undefined;
  if (response) return responseText(event, response);
  switch (event.type) {
    case 'agent_state_applied':
      return view.hasHandlerStates ? undefined : `state ${event.state}, by the ${event.source}`;
    case 'agent_state_dropped':
      return `queued state ${event.state} dropped: ${event.reason}`;
    case 'report_dropped':
      return `a report of the listener was dropped: ${event.reason}`;
    case 'listener_changed':
      return event.listening ? 'a listener reports' : 'the listener left';
    case 'callback_failed':
      return `a callback for ${event.during} threw: ${event.message}`;
    default:
      return undefined;
  }
}

function responseText(event: OncueEvent, response: ResponseView): string | undefined {
  const { label } = response;
  switch (event.type) {
    case 'response_declared':
      return `${label} declared`;
    case 'response_playback_started':
      return `${label} is heard: \u201c${response.text.trim()}\u201d (${event.evidence}, ±${event.errorBoundMs.toFixed(2)} ms)`;
    case 'response_playback_refined':
      return `${label} started ${signedMs(event.startedAtMs - event.before.startedAtMs)} from the first report (${event.evidence})`;
    case 'response_playback_finished':
      return event.interrupted
        ? `${label} cut by ${cutByText(event.cutBy)} after ${inSeconds(event.heardMs)} of ${inSeconds(event.sentMs)}; heard: \u201c${event.heardText}\u201d`
        : `${label} ${event.outcome}, ${inSeconds(event.heardMs)}`;
    case 'response_skipped':
      return `${label} never heard: ${SKIP_REASON_TEXT[event.reason]}`;
    case 'response_outcome_corrected':
      return `${label} was told as ${event.before.outcome} and is ${event.outcome}, ${inSeconds(event.heardMs)}; heard: \u201c${event.heardText}\u201d`;
    case 'task_started':
      return `${label} task ${response.taskName ?? event.taskId} starts`;
    case 'task_failed':
      return `${label} task failed: ${event.message}`;
    case 'task_aborted':
      return `${label} task aborted: ${event.reason}`;
    case 'prediction_checked':
      return `${label} was predicted ${signedMs(event.errorMs)} from its start`;
    default:
      return undefined;
  }
}

function noteText(note: RunNote, view: RunView): string | undefined {
  switch (note.type) {
    case 'user_typed':
      return `user types: ${note.text}`;
    case 'user_spoke':
      return `user says aloud: \u201c${note.text}\u201d`;
    case 'agent_state':
      return `agent_state_changed: ${note.state}`;
    case 'sound_measured':
      return measuredText(note.text, view);
    case 'message_stored':
      return note.interrupted ? `chat context has: \u201c${note.text}\u201d` : undefined;
    default:
      return undefined;
  }
}

/** The distances of events, task and state from the sound in the recording. */
function measuredText(text: string, view: RunView): string | undefined {
  const { scene } = view;
  const response = scene?.responses.find((one) => one.found && one.text.trim() === text.trim());
  if (!scene || !response) return undefined;
  const { startErrorMs, eventAfterMs, taskAfterMs, stockAfterMs } = figuresOf(scene, response);
  const parts = [
    startErrorMs === undefined ? '' : `startedAtMs ${signed(startErrorMs, 2)}`,
    eventAfterMs === undefined ? '' : `event ${signed(eventAfterMs, 1)}`,
    taskAfterMs === undefined ? '' : `task ${signed(taskAfterMs, 1)}`,
    stockAfterMs === undefined ? '' : `LiveKit's own event ${signed(stockAfterMs, 1)}`,
  ];
  return `${response.label} in the recording; ms from its first sample: ${parts.filter(Boolean).join(', ')}`;
}
