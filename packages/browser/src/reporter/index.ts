export { attachReporter } from './attach_reporter.ts';
export type {
  Reporter,
  ReporterEvents,
  ReporterOptions,
  ReporterState,
  ReporterStats,
} from './reporter_api.ts';
