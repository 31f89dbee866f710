/** What to do if one is missing. */
export declare const HOW_TO_INSTALL_FIREFOX: string;

/** @returns Its path; `undefined` if it is missing. */
export declare function findPulseaudio(): string | undefined;

/** @returns The paths of Firefox and PulseAudio; `undefined` if one is missing. */
export declare function findFirefox():
  | { readonly firefox: string; readonly pulseaudio: string }
  | undefined;
