import type { stt } from '@livekit/agents';
import { isMoonshineInstalled, MOONSHINE_INSTALL, MoonshineSTT } from '@oncue/embedded';

/** A recognizer, or the reason why there is none. */
export type FoundRecognizer =
  | { readonly stt: stt.STT }
  | { readonly stt: undefined; readonly why: string; readonly command: string };

/** The embedded recognizer if its optional packages are installed. */
export function findRecognizer(): FoundRecognizer {
  if (!isMoonshineInstalled()) {
    return {
      stt: undefined,
      why: 'optional, about 250 MB; start the studio again after the install',
      command: MOONSHINE_INSTALL,
    };
  }
  const recognizer = new MoonshineSTT();
  recognizer.prewarm();
  return { stt: recognizer };
}
