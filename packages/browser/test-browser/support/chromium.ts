import type { Page } from 'playwright-core';

/** A microphone that beeps, and no question to the user. */
export const FAKE_MICROPHONE = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Calls a function of the page's fixture. */
export function call<T>(page: Page, name: string, argument?: unknown): Promise<T> {
  const source = `fixture.${name}(${argument === undefined ? '' : JSON.stringify(argument)})`;
  return page.evaluate<T>(source);
}
