/** What to do if none is found. */
export declare const HOW_TO_INSTALL: string;

/** @returns The path of a Chromium. */
export declare function findChromium(): string | undefined;
