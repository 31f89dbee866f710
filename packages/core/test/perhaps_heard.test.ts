// Tests for SPEC.md, AU18: what may have been heard of a response whose listener did not answer.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility, ResponseId } from '../src/index.ts';
import { latestOutcomes, type PerhapsHeard, perhapsHeard } from '../src/internal.ts';
import { answered, type Said, TEXT } from './support/late_reports.ts';

/** Playout waits for the next listener, who does not come. */
function goes(it: Unanswered, atMs: number): void {
  it.passUntil(atMs);
  const { timeline } = it.stage;
  timeline.listenerChanged(false);
  timeline.pause();
  it.is('nobody', atMs);
  it.passUntil(atMs + 5000);
  timeline.resume();
}

/** A path that a response before was measured to have, ms. */
interface Measured {
  readonly pathMs: number;
  readonly errorBoundMs: number;
}

/**
 * A response of ten words of 100 ms each, which begins to be sent at 0 ms, and a listener that reports only what the test says.
 * Instants are ms from there.
 */
class Unanswered {
  readonly #of: ReturnType<typeof answered>;
  readonly #sentAtMs: number;
  readonly id: ResponseId;

  constructor(measured?: Measured) {
    this.#of = answered();
    if (measured) this.#measure(measured);
    this.#sentAtMs = this.stage.clock.nowMs();
    this.id = this.#of.say();
  }

  #measure({ pathMs, errorBoundMs }: Measured): void {
    const id = this.#of.say();
    const atMs = 1000 + pathMs;
    this.stage.clock.advance(atMs);
    const said = { heardMs: 1000, atMs, startMs: pathMs, errorBoundMs, phase: 'ended' } as const;
    this.#of.report(id, said);
  }

  get stage() {
    return this.#of.stage;
  }

  say(): ResponseId {
    return this.#of.say();
  }

  reports(said: Said): void {
    this.passUntil(said.atMs);
    this.#of.report(this.id, said);
  }

  is(audibility: Audibility, sinceMs: number): void {
    this.passUntil(sinceMs);
    const atMs = (this.#sentAtMs + sinceMs) as AgentMs;
    this.stage.timeline.audibilityChanged(audibility, { sinceMs: atMs });
  }

  isCut(atMs: number, reaches: 'ear' | 'queue' = 'ear'): void {
    this.passUntil(atMs);
    this.stage.timeline.cut('user_speech', reaches);
  }

  passUntil(atMs: number): void {
    this.stage.clock.advance(Math.max(0, this.#sentAtMs + atMs - this.stage.clock.nowMs()));
  }

  ends(): PerhapsHeard | undefined {
    this.stage.clock.advance(10_000);
    return perhapsHeard(this.stage.timeline.state, this.id);
  }

  get skipped() {
    return this.stage.events.ofType('response_skipped')[0];
  }

  get finished() {
    return this.stage.events.ofType('response_playback_finished')[0];
  }
}

const words = (count: number): string => TEXT.split(' ').slice(0, count).join(' ');

describe('[AU18] of a listener that does not answer', () => {
  it('[AU18] and had reported nothing, all that had left at the cut may have been heard; the event knows of nothing', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.isCut(450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4), isWhole: false });
  });

  it('[AU18] after a part was reported, the event says that part', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 200, atMs: 200 });
    it.is('silent', 200);
    it.isCut(650);

    expect(it.ends()).toMatchObject({ playedMs: 650, heardText: words(6) });
    expect(it.finished).toMatchObject({ outcome: 'cut', heardMs: 200, heardText: words(2) });
  });

  it('[AU18] and answers again before the cut, the middle may have been heard', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 200, atMs: 200 });
    it.is('silent', 200);
    it.is('listening', 400);
    it.isCut(650);

    const perhaps = it.ends();
    expect(perhaps).toMatchObject({ playedMs: 650, heardText: words(6) });
    expect(it.finished?.heardText).not.toContain('three');
  });

  it('[AU18] no more than had left, though all of it was sent', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.isCut(50);

    expect(it.ends()).toMatchObject({ playedMs: 50, heardText: '' });
  });

  it.each(['ear', 'queue'] as const)(
    '[AU18] in a pause that reaches the %s, no more than had left before it',
    (reaches) => {
      const it = new Unanswered();
      it.is('silent', 0);
      it.passUntil(350);
      it.stage.timeline.pause(reaches);
      it.isCut(900, reaches);

      expect(it.ends()).toMatchObject({ playedMs: 350, heardText: words(3) });
    },
  );

  it('[AU18] to the end, all of it may have been heard', () => {
    const it = new Unanswered();
    it.is('silent', 0);

    expect(it.ends()).toMatchObject({ playedMs: 1000, heardText: TEXT, isWhole: true });
  });

  it('[AU18] of two that are cut at once, the second had not left', () => {
    const it = new Unanswered();
    const second = it.say();
    it.is('silent', 0);
    it.isCut(450);
    it.ends();

    expect(perhapsHeard(it.stage.timeline.state, second)).toBeUndefined();
  });

  it('[AU18][LK7] before it has ended, the same and what its error bound of 200 ms adds', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.isCut(450);

    const { state } = it.stage.timeline;
    expect(latestOutcomes(state, it.stage.clock.nowMs())).toMatchObject([
      { outcome: { type: 'response_skipped' }, perhaps: { heardText: words(6) } },
    ]);
  });

  it('[AU18][PB19] a later report corrects the event, and not what may have been heard', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.isCut(450);
    it.ends();
    it.reports({ heardMs: 300, atMs: 300, phase: 'cut' });

    expect(it.stage.events.only('response_outcome_corrected').heardText).toBe(words(3));
    expect(perhapsHeard(it.stage.timeline.state, it.id)).toMatchObject({ heardText: words(4) });
  });
});

describe('[AU18] what is known not to have been heard', () => {
  it.each(['muted', 'nobody'] as const)('[AU18] is left out: %s', (why) => {
    const it = new Unanswered();
    it.reports({ heardMs: 100, atMs: 100 });
    it.is(why, 100);
    it.is('silent', 300);
    it.isCut(650);

    expect(it.ends()).toMatchObject({
      heardText: 'One four five six',
      playedMs: why === 'muted' ? 650 : 450,
    });
  });

  it('[AU18] is not what had left before a listener that did not answer was gone', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4), isWhole: false });
  });

  it('[AU18] is not what a listener had not reported when it was gone', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 200, atMs: 200 });
    goes(it, 450);

    expect(it.ends()).toMatchObject({ heardText: words(4), isWhole: false });
    expect(it.finished?.heardText).toBe(words(2));
  });

  it('[AU18] is what a muted listener had not reported when it was gone', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 200, atMs: 200 });
    it.is('muted', 200);
    goes(it, 450);

    expect(it.ends()).toBeUndefined();
  });
});

describe('[AU18] nothing is unknown', () => {
  it('[AU18] of a listener that answers', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 200, atMs: 200 });
    it.isCut(450);

    expect(it.ends()).toBeUndefined();
  });

  it.each(['muted', 'nobody'] as const)('[AU18] if nobody could hear: %s', (why) => {
    const it = new Unanswered();
    it.is(why, 0);
    it.isCut(450);

    expect(it.ends()).toBeUndefined();
  });

  it('[AU18][AU17] of an output that did not report what it played: LiveKit decides', () => {
    const it = new Unanswered();
    it.stage.timeline.listenerChanged(true, 'not_known');
    it.reports({ heardMs: 200, atMs: 200 });
    it.isCut(450);

    expect(it.ends()).toBeUndefined();
    expect(it.finished).toMatchObject({ inaudible: [{ why: 'silent' }] });
  });
});

it('[AU18][MM1] is known though more responses end with it than are kept', () => {
  const { stage, say } = answered();
  const turn = stage.openTurn();
  const id = say(turn);
  for (let more = 0; more < 16; more += 1) {
    turn.begin();
    turn.addText(TEXT);
    turn.endResponse();
  }
  let known: string | undefined;
  stage.timeline.onAny((event) => {
    if (event.type === 'response_skipped' && event.responseId === id)
      known = perhapsHeard(stage.timeline.state, id)?.heardText;
  });
  stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
  stage.clock.advance(650);
  stage.timeline.cut('user_speech');

  stage.clock.advance(10_000);

  expect(known).toBe('One two three four five six');
});

describe('[AU18] over a path that was measured to be 300 ms, give or take 100', () => {
  const far = (): Unanswered => new Unanswered({ pathMs: 300, errorBoundMs: 100 });

  it('[AU18] all that had left at a cut may have been played by a listener whom the cut did not reach', () => {
    const it = far();
    it.is('silent', 0);
    it.isCut(450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4) });
  });

  it('[AU18] of one that answers, what was on its way at the cut is not unknown', () => {
    const it = far();
    it.isCut(450);

    expect(it.ends()).toBeUndefined();
  });

  it('[AU18] one that went may have heard what had come to it at the latest', () => {
    const it = far();
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 250, heardText: words(2) });
  });

  it('[AU18] one that did not answer before it went may have heard all that had left', () => {
    const it = far();
    it.passUntil(100);
    it.stage.timeline.listenerAnswers(false, 100 as AgentMs);
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4) });
  });

  it('[AU18] one that answered again in time before it went may have heard only what had come to it', () => {
    const it = far();
    it.passUntil(100);
    it.stage.timeline.listenerAnswers(false, 100 as AgentMs);
    it.passUntil(300);
    it.stage.timeline.listenerAnswers(true, 300 as AgentMs);
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 250, heardText: words(2) });
  });

  it('[AU16][AU18] where the path was never measured, what the transport says of it is no reason to say that nobody heard', () => {
    const it = new Unanswered();
    it.stage.timeline.pathEstimated(300, 100);
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4) });
  });

  it('[AU18] nothing can have come before it left, however uncertain the path is', () => {
    const it = new Unanswered({ pathMs: 100, errorBoundMs: 400 });
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 450, heardText: words(4) });
  });

  it('[AU18] of one that went in a pause, no more than had left before it', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.passUntil(350);
    it.stage.timeline.pause('queue');
    goes(it, 450);

    expect(it.ends()).toMatchObject({ playedMs: 350, heardText: words(3) });
  });

  it('[AU18] all of it may have been heard if all had left before the listener went', () => {
    const it = far();
    it.is('silent', 0);
    goes(it, 1050);

    expect(it.ends()).toMatchObject({ playedMs: 1000, heardText: TEXT, isWhole: true });
  });

  it('[AU18] a second listener that goes takes nothing back of what the first may have heard', () => {
    const it = far();
    it.is('silent', 0);
    it.passUntil(450);
    it.is('nobody', 450);
    it.is('listening', 460);
    it.is('nobody', 470);

    expect(it.ends()).toMatchObject({ heardText: words(4) });
  });
});

describe('[AU18] what else may have been heard', () => {
  it('[AU18] is not what the listener was muted for, though it went without an answer', () => {
    const it = new Unanswered();
    it.reports({ heardMs: 100, atMs: 100 });
    it.is('muted', 100);
    it.reports({ heardMs: 300, atMs: 300 });
    it.is('silent', 300);
    goes(it, 450);

    expect(it.ends()).toMatchObject({ heardText: 'One four', isWhole: false });
  });

  it('[AU18][HT6] is never all of a response whose voice broke', () => {
    const it = new Unanswered();
    it.is('silent', 0);
    it.stage.timeline.responseFailed(it.id, 'the voice broke');

    expect(it.ends()).toMatchObject({ playedMs: 1000, isWhole: false });
  });

  it('[AU18] is nothing of a response without audio, and of one that nobody declared', () => {
    const { stage } = new Unanswered();
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    const { id } = stage.openTurn().begin();
    stage.timeline.audioEnded(id);

    expect(perhapsHeard(stage.timeline.state, id)).toBeUndefined();
    expect(perhapsHeard(stage.timeline.state, 'unknown')).toBeUndefined();
  });
});
