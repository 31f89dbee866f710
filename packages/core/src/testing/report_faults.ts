import type { ListenerMessage } from '../wire/messages.ts';

/** Which messages: every n-th, from the n-th on, or those that the function picks. `nth` counts from 1. */
export type MessagePick = number | ((message: ListenerMessage, nth: number) => boolean);

/** What the way back to the agent does to a listener's messages. */
export interface ReportFaults {
  /** Never arrive. */
  readonly lose?: MessagePick;
  /** Arrive twice. */
  readonly repeat?: MessagePick;
  /** Arrive after the message behind them. */
  readonly reorder?: MessagePick;
  /** Takes this long, in ms ≥ 0; a way that gets shorter lets messages overtake. Default 0. */
  readonly delayMs?: number | ((message: ListenerMessage, nth: number) => number);
}

/** A way back with faults. Knows no clock: `carry` gets each text with the delay that it is to have. */
export class FaultyWay {
  faults: ReportFaults;
  readonly #carry: (text: string, delayMs: number) => void;
  #nth = 0;
  #held: { readonly text: string; readonly times: number } | undefined;

  constructor(faults: ReportFaults, carry: (text: string, delayMs: number) => void) {
    this.faults = faults;
    this.#carry = carry;
  }

  send(message: ListenerMessage, text: string): void {
    this.#nth += 1;
    const { lose, repeat, reorder, delayMs = 0 } = this.faults;
    const waitMs = typeof delayMs === 'number' ? delayMs : delayMs(message, this.#nth);
    const times = this.#picks(lose, message) ? 0 : this.#picks(repeat, message) ? 2 : 1;
    if (!this.#held && times > 0 && this.#picks(reorder, message)) {
      this.#held = { text, times };
      return;
    }
    this.#times(times, text, waitMs);
    if (!this.#held) return;
    this.#times(this.#held.times, this.#held.text, waitMs);
    this.#held = undefined;
  }

  #times(times: number, text: string, delayMs: number): void {
    for (let time = 0; time < times; time += 1) this.#carry(text, delayMs);
  }

  #picks(pick: MessagePick | undefined, message: ListenerMessage): boolean {
    if (pick === undefined) return false;
    return typeof pick === 'number' ? this.#nth % pick === 0 : pick(message, this.#nth);
  }
}
