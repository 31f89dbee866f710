import { AudioError } from './audio_error.ts';

/**
 * Loads a worklet by its address.
 *
 * @param file - its name in this package, as the error names it.
 * @returns What is wrong, if it cannot be loaded: what was looked for, where, and what to do.
 */
export async function loadWorklet(
  { audioWorklet }: Pick<AudioContext, 'audioWorklet'>,
  url: string,
  file: string,
): Promise<AudioError | undefined> {
  // Pages without https have no worklets at all.
  if (!audioWorklet) return notLoaded(url, 'this page is not secure: use https or localhost');
  try {
    await audioWorklet.addModule(url);
    return undefined;
  } catch (cause) {
    if (url.startsWith('data:'))
      return notLoaded(file, 'a content policy refuses data: addresses; serve it as a file', cause);
    const why = `serve @oncue/browser/${file} there, or say where it is with workletUrl`;
    return notLoaded(url, why, cause);
  }
}

function notLoaded(url: string, why: string, cause?: unknown): AudioError {
  return new AudioError(
    'worklet_not_loaded',
    `the worklet ${url} could not be loaded: ${why}`,
    cause,
  );
}
