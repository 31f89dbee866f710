/** The oldest release that `engines` admits, and the newest of each later line. */
export declare const NODE_VERSIONS: readonly string[];

/**
 * @param version - of Node, as npm takes it: `22`, `20.19.0`.
 * @param kept - The folder with one folder for each version; `.cache/node` if it is left out.
 * @returns The path of that program, which npm installs if it is not there.
 * @throws Error if npm could not install it.
 */
export declare function nodeProgram(version: string, kept?: string): string;
