/** What to do if none is found. */
export declare const HOW_TO_INSTALL_LIVEKIT_SERVER: string;

/** @returns The path of a LiveKit server. */
export declare function findLivekitServer(): string | undefined;
