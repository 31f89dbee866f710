export function verdict(printed: string): {
  readonly outcome: 'clean' | 'severe' | 'skipped';
  readonly lines: readonly string[];
};
