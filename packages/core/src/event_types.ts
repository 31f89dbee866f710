import type { OncueEvent } from './events.ts';

/** `task_started` as `TaskStarted`. */
type PascalCase<T extends string> = T extends `${infer Head}_${infer Rest}`
  ? `${Capitalize<Head>}${PascalCase<Rest>}`
  : Capitalize<T>;

/**
 * The name of every event, as LiveKit's `voice.AgentSessionEventTypes` lists those of a session:
 * `oncue.on(OncueEventTypes.ResponsePlaybackStarted, …)`. The plain strings work as well [RS8].
 */
export const OncueEventTypes: { readonly [T in OncueEvent['type'] as PascalCase<T>]: T } = {
  ResponseDeclared: 'response_declared',
  ResponsePlaybackStarted: 'response_playback_started',
  ResponsePlaybackProgressed: 'response_playback_progressed',
  ResponsePlaybackRefined: 'response_playback_refined',
  ResponsePlaybackFinished: 'response_playback_finished',
  ResponseSkipped: 'response_skipped',
  ResponseOutcomeCorrected: 'response_outcome_corrected',
  ResponseMarkReached: 'response_mark_reached',
  AgentStateApplied: 'agent_state_applied',
  AgentStateDropped: 'agent_state_dropped',
  TaskStarted: 'task_started',
  TaskFinished: 'task_finished',
  TaskFailed: 'task_failed',
  TaskAborted: 'task_aborted',
  PredictionChecked: 'prediction_checked',
  ReportDropped: 'report_dropped',
  ListenerChanged: 'listener_changed',
  AudibilityChanged: 'audibility_changed',
  ChatMessageCorrected: 'chat_message_corrected',
  CallbackFailed: 'callback_failed',
};
