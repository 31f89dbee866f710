/** A rule of SPEC.md that does not hold. */
export class Violation extends Error {
  /** What is violated, without the figures of the case: violations of one kind have one. */
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.name = 'Violation';
    this.rule = rule;
  }
}

/** `detail` is only called when the rule does not hold. @throws Violation */
export function hold(rule: string, holds: boolean, detail?: () => string): void {
  if (!holds) throw new Violation(rule, detail?.() ?? '');
}
