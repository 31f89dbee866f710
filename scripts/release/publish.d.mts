export interface ReleaseState {
  readonly version: string;
  readonly pending: readonly string[];
  readonly changes: string;
  readonly changelog: string;
  readonly canSign: boolean;
}

export function obstacles(state: ReleaseState): string[];
