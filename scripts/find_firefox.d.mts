/** What to do if one is missing. */
export declare const HOW_TO_INSTALL_FIREFOX: string;

/** @returns The paths of Firefox and PulseAudio; `undefined` if one is missing. */
export declare function findFirefox():
  | { readonly firefox: string; readonly pulseaudio: string }
  | undefined;
