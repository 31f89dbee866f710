/** An instant on the trace's axis, such as 12.345 s. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** A label of the axis, such as 1:05 or 1:05.2. */
export function clockTime(ms: number, digits = 0): string {
  const total = Math.max(0, ms) / 1000;
  const minutes = Math.floor(total / 60);
  const rest = total - minutes * 60;
  const text = rest.toFixed(digits).padStart(digits > 0 ? 3 + digits : 2, '0');
  return `${minutes}:${text}`;
}

/** A duration, such as 2,340 ms, or 0.4 ms if it is short. */
export function millis(ms: number): string {
  const digits = Math.abs(ms) < 10 ? 1 : 0;
  const text = shown(ms).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text.replace('-', '−')} ms`;
}

/** A signed duration, such as +1.2 ms or −93 ms. */
export function signedMillis(ms: number): string {
  const text = millis(ms);
  return shown(ms) > 0 ? `+${text}` : text;
}

/** What is left of a duration that rounds to nothing: no sign. */
function shown(ms: number): number {
  return Math.abs(ms) < 0.05 ? 0 : ms;
}

/** A label of an axis of milliseconds, such as −1,000 ms. */
export function axisMillis(ms: number): string {
  return `${ms.toLocaleString('en-US').replace('-', '−')} ms`;
}
