/** An instant, a frame or a sample that does not come. */
export const NEVER: number = Number.POSITIVE_INFINITY;
