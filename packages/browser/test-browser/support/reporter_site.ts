import { fileURLToPath } from 'node:url';
import { openPageSite, type PageSite } from '@oncue/testbed';

/** Serves the page of the reporter's tests. */
export function openReporterSite(): Promise<PageSite> {
  return openPageSite({
    main: here('../page/reporter.ts'),
    'recorder.worklet': here('../page/recorder.worklet.ts'),
    'reporter.worklet': here('../../src/reporter/worklet/reporter.worklet.ts'),
  });
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
