/** What to do where none is found. */
export declare const HOW_TO_INSTALL: string;

/** @returns The program of a Chromium. */
export declare function findChromium(): string | undefined;
