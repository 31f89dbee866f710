import type { stt } from '@livekit/agents';

/** What brings speech recognition: some 120 MB, so nobody gets it unasked. */
export const MOONSHINE_COMMAND = 'npm run studio:stt';

/** A recognizer, or why there is none. */
export type FoundRecognizer =
  | { readonly stt: stt.STT }
  | { readonly stt: undefined; readonly why: string; readonly command: string };

/** Looks for the optional packages of the embedded recognizer. */
export async function loadMoonshine(): Promise<FoundRecognizer> {
  return {
    stt: undefined,
    why: 'speech recognition is an optional install of about 120 MB',
    command: MOONSHINE_COMMAND,
  };
}
