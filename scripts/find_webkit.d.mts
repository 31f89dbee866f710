/** What to do if something is missing. */
export declare const HOW_TO_INSTALL_WEBKIT: string;

/** @returns The paths of the programs; `undefined` if one of them or PulseAudio is missing. */
export declare function findWebkit():
  | { readonly driver: string; readonly xvfbRun: string; readonly dbusRunSession: string }
  | undefined;
