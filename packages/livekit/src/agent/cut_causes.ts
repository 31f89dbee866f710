import type { voice } from '@livekit/agents';
import type { CutBy } from '@oncue/core';
import type { FailOpen } from '../fail_open.ts';
import type { MissingFacts } from '../livekit_internals/missing_facts.ts';
import {
  type Activity,
  activityOf,
  RUNNING_ACTIVITY,
} from '../livekit_internals/session/running_activity.ts';
import {
  endingOf,
  lackOfPausing,
  SESSION_ENDING,
} from '../livekit_internals/session/session_ending.ts';
import {
  USER_INTERRUPTS,
  wrapUserInterrupts,
} from '../livekit_internals/session/user_interrupts.ts';
import { AsyncContext } from './async_context.ts';

/** What the causes of cuts are found from. */
export interface CutCausesPort {
  readonly session: voice.AgentSession;
  readonly missing: MissingFacts;
  readonly failOpen: FailOpen;
}

/** Who interrupts a session, in the async context that he does it in. */
interface Caller {
  readonly session: voice.AgentSession;
  readonly by: CutBy;
}

const callerStorage: AsyncContext<Caller | undefined> = new AsyncContext('caller');

/** Interruptions in one run of code, up to its first `await`. */
interface Run {
  readonly handles: Set<voice.SpeechHandle>;
  hasUserText: boolean;
}

/**
 * What interrupted each speech [LK19]. LiveKit has one method for that, `SpeechHandle.interrupt()`, which its own code
 * and the application call; what calls it is known from the async context it is called in.
 */
export class CutCauses {
  readonly #port: CutCausesPort;
  readonly #causes = new WeakMap<voice.SpeechHandle, CutBy>();
  readonly #forced = new WeakSet<voice.SpeechHandle>();
  readonly #activities = new WeakMap<voice.SpeechHandle, Activity>();
  #run: Run | undefined;

  constructor(port: CutCausesPort) {
    this.#port = port;
    const { session, failOpen } = port;
    const { interrupt, generateReply } = session;
    session.interrupt = (...args) => this.#as('code', () => interrupt.apply(session, args));
    session.generateReply = (...args) => {
      if (args[0]?.userInput !== undefined)
        failOpen.run('noting a message', () => this.#userText(), undefined);
      return generateReply.apply(session, args);
    };
  }

  /** A speech was made. Called in the async context that its code runs in. */
  watch(handle: voice.SpeechHandle): void {
    const { failOpen } = this.#port;
    // What began the speech is not what its code does.
    callerStorage.enterWith(undefined);
    this.#follow(handle);
    const { interrupt } = handle;
    handle.interrupt = (...args) => {
      const isForced = args[0] ?? false;
      failOpen.run('noting an interruption', () => this.#note(handle, isForced), undefined);
      return interrupt.apply(handle, args);
    };
  }

  #follow(handle: voice.SpeechHandle): void {
    const { session, missing } = this.#port;
    const activity = activityOf(session);
    if (!activity) {
      missing.add(RUNNING_ACTIVITY);
      return;
    }
    this.#activities.set(handle, activity);
    const lack = wrapUserInterrupts(activity, (method) => this.#as('user_speech', method));
    missing.check(USER_INTERRUPTS, lack);
    missing.check(SESSION_ENDING, lackOfPausing(activity));
  }

  /** Whether a speech was interrupted by force: LiveKit then ends it at once. */
  isForced(handle: voice.SpeechHandle): boolean {
    return this.#forced.has(handle);
  }

  /** What interrupted a speech. */
  of(handle: voice.SpeechHandle): CutBy {
    return this.#causes.get(handle) ?? this.#ending(handle) ?? 'not_known';
  }

  #as<T>(by: CutBy, method: () => T): T {
    return callerStorage.run({ session: this.#port.session, by }, method);
  }

  #note(handle: voice.SpeechHandle, isForced: boolean): void {
    if (isForced && !handle.done()) this.#forced.add(handle);
    if (handle.interrupted || handle.done()) return;
    const caller = callerStorage.getStore();
    const isOurs = caller?.session === this.#port.session;
    const cause = isOurs ? caller.by : this.#unmarked(handle, isForced);
    this.#causes.set(handle, cause);
    if (cause !== 'code') return;
    const run = this.#thisRun();
    run.handles.add(handle);
    if (run.hasUserText) this.#causes.set(handle, 'user_text');
  }

  /** LiveKit itself forces an interruption only when the session or the agent ends. */
  #unmarked(handle: voice.SpeechHandle, isForced: boolean): CutBy {
    const ending = this.#ending(handle);
    if (ending === 'close' || (ending === 'handoff' && isForced)) return ending;
    const { missing } = this.#port;
    const isSure = ![RUNNING_ACTIVITY, USER_INTERRUPTS, SESSION_ENDING].some((fact) =>
      missing.has(fact),
    );
    return isSure ? 'code' : 'not_known';
  }

  #ending(handle: voice.SpeechHandle): CutBy | undefined {
    return endingOf(this.#port.session, this.#activities.get(handle));
  }

  /** The application interrupts, and passes a message on, in either order: as LiveKit's own text input does. */
  #userText(): void {
    const run = this.#thisRun();
    run.hasUserText = true;
    for (const handle of run.handles) this.#causes.set(handle, 'user_text');
  }

  #thisRun(): Run {
    if (this.#run) return this.#run;
    const run: Run = { handles: new Set(), hasUserText: false };
    this.#run = run;
    queueMicrotask(() => {
      this.#run = undefined;
    });
    return run;
  }
}
