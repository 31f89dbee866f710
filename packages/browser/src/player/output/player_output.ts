import type { PageMs } from '../../shared/page_clock.ts';
import type { MovingPosition } from '../player_messages.ts';
import { MAX_UNANSWERED } from '../tuning.ts';
import { PlayerClock } from './player_clock.ts';
import { PlayoutLedger } from './playout_ledger.ts';
import type { RenderLog, Run } from './render_log.ts';
import { type Asked, WorkletLink } from './worklet_link.ts';

/** Audio that plays: the worklet, the clock of its output, and the reports that follow from both. */
export class PlayerOutput {
  readonly clock: PlayerClock = new PlayerClock();
  readonly ledger: PlayoutLedger;
  readonly sampleRateHz: number;
  /** How often the buffer ran dry inside a response. */
  underrunCount = 0;
  readonly #link: WorkletLink;
  readonly #now: () => PageMs;
  #isPaused = false;
  /** Where the last pause stopped; playing on from there is no underrun. */
  #pausedPosition = -1;

  /** @param answered Called when the worklet has answered; log and ledger are up to date. */
  constructor(port: MessagePort, sampleRateHz: number, now: () => PageMs, answered: () => void) {
    this.#now = now;
    this.sampleRateHz = sampleRateHz;
    this.#link = new WorkletLink(port, now, (asked, newRuns) => {
      this.#takeAnswer(asked, newRuns);
      answered();
    });
    this.ledger = new PlayoutLedger(this.log, (frame) =>
      this.clock.toPage((frame * 1000) / sampleRateHz),
    );
  }

  get log(): RenderLog {
    return this.#link.log;
  }

  /** Takes the samples: the array is transferred. */
  write(samples: Int16Array): void {
    this.#link.write(samples);
  }

  /** Drops what has not been rendered, and ends a pause. */
  clear(): void {
    this.#isPaused = false;
    this.ledger.beginClear();
    this.#link.ask('clear');
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#link.ask(isPaused ? 'pause' : 'resume');
  }

  /** Asks the worklet what it has rendered, unless it does not answer. */
  poll(): void {
    if (this.#link.unansweredCount < MAX_UNANSWERED) this.#link.ask('read');
  }

  position(): MovingPosition | undefined {
    const atMs = this.#now();
    const contextMs = this.clock.toContextMs(atMs);
    if (contextMs === undefined) return undefined;
    const contextFrame = (contextMs * this.sampleRateHz) / 1000;
    const position = this.ledger.positionAt(contextFrame, this.#isPaused);
    return position && { ...position, atMs };
  }

  close(): void {
    this.#link.close();
  }

  #takeAnswer({ command, atMs }: Asked, newRuns: readonly Run[]): void {
    this.clock.notYetRendered((this.log.nextFrame * 1000) / this.sampleRateHz, atMs);
    for (const run of newRuns) {
      if (run.firstPosition !== this.#pausedPosition && this.ledger.isUnderrun(run))
        this.underrunCount += 1;
    }
    if (command === 'clear') this.ledger.finishClear(this.#now());
    if (command === 'pause') this.#pausedPosition = this.log.renderedPosition;
  }
}
