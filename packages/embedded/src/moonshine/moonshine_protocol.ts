/** From the host to the worker: mono at 16 kHz, from -1 to 1. @internal */
export interface MoonshineJob {
  readonly id: number;
  readonly samples: Float32Array;
}

/** From the worker to the host. @internal */
export type MoonshineMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly text: string }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
