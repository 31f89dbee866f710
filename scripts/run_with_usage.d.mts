/** Runs a command; for `--help` and for a wrong argument it prints the usage. */
export declare function runWithUsage(usage: string, run: () => void | Promise<void>): Promise<void>;

/** The error of a wrong argument, for `runWithUsage`. */
export declare function wrongArgument(message: string): Error;

/**
 * A whole number above 0.
 *
 * @throws What `wrongArgument` makes.
 */
export declare function countOf(text: string): number;

/**
 * A number of at least 0.
 *
 * @throws What `wrongArgument` makes.
 */
export declare function amountOf(text: string): number;
