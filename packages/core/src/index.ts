/** @packageDocumentation @public */

export { OncueAbort, type ResponseTask } from './application/task_runner.ts';
export type { Clock } from './clock.ts';
export type { BeginOptions, TaskOptions } from './declare/begin_options.ts';
export type { MarkOptions, MarkTaskOptions } from './declare/mark_options.ts';
export type { DeclaredResponse, FinishedHandler, HeardResult } from './declared_response.ts';
export { OncueError, type OncueErrorCode } from './errors.ts';
export { OncueEventTypes } from './event_types.ts';
export type {
  AgentStateApplied,
  AgentStateDropped,
  AgentStateName,
  Audibility,
  AudibilityChanged,
  CallbackFailed,
  ChatMessageCorrected,
  CutBy,
  Evidence,
  HeardInstant,
  HeardTextSource,
  Inaudible,
  InaudibleSpan,
  ListenerChanged,
  OncueEvent,
  OncueEventOf,
  PredictionChecked,
  ReportDropped,
  ReportDropReason,
  ResponseDeclared,
  ResponseMarkReached,
  ResponseOutcomeCorrected,
  ResponsePlaybackFinished,
  ResponsePlaybackProgressed,
  ResponsePlaybackRefined,
  ResponsePlaybackStarted,
  ResponseSkipped,
  SkipReason,
  StateDropReason,
  TaskAborted,
  TaskAbortReason,
  TaskFailed,
  TaskFinished,
  TaskStarted,
  TaskTiming,
  ToldOutcome,
} from './events.ts';
export { type HeardText, type HeardTextQuery, heardText } from './heard_text/heard_text.ts';
export type { NotAwaited, WaitOptions } from './known_once.ts';
export { DEFAULT_TIMELINE_OPTIONS, type TimelineOptions } from './options.ts';
export type {
  AudibilityChange,
  CutReach,
  Listeners,
  PlayheadReport,
  TimelineInput,
  Unreported,
  WhileInaudible,
  Word,
} from './step/inputs.ts';
export type { TimelineState } from './step/state/state.ts';
export { initialState, type StepResult, step } from './step/step.ts';
export { Timeline } from './timeline.ts';
export type { TimelineSetup } from './timeline_setup.ts';
export type { TimelineView } from './timeline_view.ts';
export { Turn } from './turn.ts';
export {
  type AgentMs,
  addMs,
  type Instant,
  type ListenerMs,
  laterOf,
  msToSamples,
  type ResponseId,
  samplesToMs,
  type TurnId,
} from './units.ts';
