import type { ListenerMessage } from '../wire/messages.ts';

/** Selects messages: every n-th one, or those for which the function returns true. `nth` counts from 1. */
export type MessagePick = number | ((message: ListenerMessage, nth: number) => boolean);

/** What the network does to a listener's messages on their way to the agent. */
export interface ReportFaults {
  /** These messages never arrive. */
  readonly lose?: MessagePick;
  /** These messages arrive twice. */
  readonly repeat?: MessagePick;
  /** These messages arrive after the message that was sent next. */
  readonly reorder?: MessagePick;
  /** Delay of a message in ms, ≥ 0. If the delay falls, later messages overtake earlier ones. Default 0. */
  readonly delayMs?: number | ((message: ListenerMessage, nth: number) => number);
}

/** A network path with faults. Has no clock: `carry` receives each text with the delay to apply. */
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
