/** @packageDocumentation @public */

export { AudioError, type AudioErrorCode } from '../shared/audio_error.ts';
export { attachReporter } from './attach_reporter.ts';
export type { HeardPosition } from './heard_position.ts';
export type {
  Reporter,
  ReporterEvents,
  ReporterOptions,
  ReporterState,
  ReporterStats,
} from './reporter_api.ts';
