import type { voice } from '@livekit/agents';
import type { CutBy, OncueEventOf, ResponseId, Timeline, TurnId } from '@oncue/core';
import { hookAgent } from './agent/agent_hooks.ts';
import { type AgentOwner, setOwner } from './agent/hooked_agents.ts';
import { Speech, speechStorage, spokenResponseStorage } from './agent/speech.ts';
import { turnStorage, UNTRACKED_TURN } from './agent/turn_storage.ts';
import type { FailOpen } from './fail_open.ts';
import { checkAgent } from './livekit_internals/check_internals.ts';
import type { MissingFacts } from './livekit_internals/missing_facts.ts';
import { SPEECH_FLOW } from './livekit_internals/speech_flow.ts';

/** What the speeches need of their session. */
export interface SessionSpeechesPort {
  readonly session: voice.AgentSession;
  readonly timeline: Timeline;
  readonly missing: MissingFacts;
  readonly failOpen: FailOpen;
  readonly sampleRateHz: number;
  readonly audioMade: (id: ResponseId) => void;
  /** Stops what is on its way to the listener. */
  readonly stopPlayout: () => void;
  readonly cutBy: () => CutBy;
}

/** The speeches of a session that are not over. */
export class SessionSpeeches implements AgentOwner {
  readonly #port: SessionSpeechesPort;
  readonly #live = new Map<string, Speech>();

  constructor(port: SessionSpeechesPort) {
    this.#port = port;
  }

  /**
   * LiveKit made a speech. Called in the run of code that then starts the speech's task, so the task inherits what is
   * stored here.
   */
  begin(handle: voice.SpeechHandle): void {
    try {
      this.#hookAgent();
      const speech = this.#make(handle);
      this.#live.set(handle.id, speech);
      speechStorage.enterWith(speech);
      handle.addDoneCallback(() =>
        this.#port.failOpen.run('ending a speech', () => this.#end(speech), undefined),
      );
    } catch (error) {
      this.#port.failOpen.report('beginning a speech', error);
      speechStorage.enterWith(undefined);
      turnStorage.enterWith(UNTRACKED_TURN);
    }
  }

  #hookAgent(): void {
    const { session, missing } = this.#port;
    const { currentAgent } = session;
    setOwner(currentAgent, this);
    checkAgent(currentAgent, missing);
    hookAgent(currentAgent);
  }

  #make(handle: voice.SpeechHandle): Speech {
    const { session, timeline, failOpen, sampleRateHz, audioMade } = this.#port;
    const hasVoice = (): boolean => Boolean(session.currentAgent.tts ?? session.tts);
    return new Speech({ timeline, failOpen, sampleRateHz, audioMade, hasVoice }, handle);
  }

  #end(speech: Speech): void {
    const { handle } = speech;
    this.#live.delete(handle.id);
    // An interruption between two responses has not stopped the one before.
    if (handle.interrupted && speech.isAudible) this.#port.stopPlayout();
    // A reply that LiveKit generated early and never scheduled was discarded, so nothing was cut.
    speech.end(handle.interrupted && handle.scheduled ? this.#port.cutBy() : undefined);
  }

  onlySpeech(): Speech | undefined {
    const [first, second] = [...this.#live.values()].filter(({ handle }) => !handle.done());
    return second ? undefined : first;
  }

  speechLost(): void {
    this.#port.missing.add(SPEECH_FLOW);
  }

  /** The speech whose message LiveKit adds to the conversation now. It may be over by then. */
  ofMessage(): Speech | undefined {
    return speechStorage.getStore();
  }

  ofTurn(id: TurnId): Speech | undefined {
    return [...this.#live.values()].find((speech) => speech.hasTurn(id));
  }

  /** The caption of the response that an event is about. */
  captionOf({ responseId, speechId }: OncueEventOf<'response_playback_finished'>): string {
    const responses = this.#live.get(speechId ?? '')?.responses ?? [];
    return responses.find(({ response }) => response.id === responseId)?.caption ?? '';
  }

  /** A synthesis reports its failure by an event and ends its audio as if nothing were wrong (`tts/tts.ts`). */
  synthesisFailed(detail: string): void {
    const { timeline } = this.#port;
    const spoken = spokenResponseStorage.getStore();
    if (spoken) {
      timeline.responseFailed(spoken.response.id, detail);
      return;
    }
    const making = [...this.#live.values()].flatMap((speech) => [...speech.synthesizing]);
    // Reported outside of any response, it can be assigned only when one is being made.
    if (making.length === 1 && making[0] !== undefined) timeline.responseFailed(making[0], detail);
  }
}
