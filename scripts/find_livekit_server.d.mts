/** What to do where none is found. */
export declare const HOW_TO_INSTALL_LIVEKIT_SERVER: string;

/** @returns The program of a LiveKit server. */
export declare function findLivekitServer(): string | undefined;
