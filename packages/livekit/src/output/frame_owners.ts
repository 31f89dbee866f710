import type { AudioFrame } from '@livekit/rtc-node';
import type { ResponseId } from '@oncue/core';
import { type AgentOwner, speechIn } from '../agent/hooked_agents.ts';
import { currentSpeech, isInSpeech, type Speech } from '../agent/speech.ts';
import { turnStorage, UNTRACKED_TURN } from '../agent/turn_storage.ts';
import type { MissingFacts } from '../livekit_internals/missing_facts.ts';
import { FRAME_USERDATA, tagOf } from '../livekit_internals/output/frame_userdata.ts';
import { SPEECH_FLOW } from '../livekit_internals/session/speech_flow.ts';
import { UntrackedAudio } from './output_port.ts';

/** What is needed of the session. */
export interface FrameOwnersPort {
  readonly owner: AgentOwner;
  readonly missing: MissingFacts;
}

/** Tells which response the frames that come to the output belong to. */
export class FrameOwners {
  readonly #port: FrameOwnersPort;

  constructor(port: FrameOwnersPort) {
    this.#port = port;
  }

  /**
   * The response of a frame: the one it is tagged with; for audio that no node made, the open one or the next one of the
   * speech that sends it. `undefined` for audio of a speech that is over.
   *
   * @throws Error for audio that belongs to no speech.
   */
  of(frame: AudioFrame, open: ResponseId | undefined): ResponseId | undefined {
    const tag = tagOf(frame);
    const id = tag ?? open;
    if (id !== undefined) {
      if (id !== open) this.#speech()?.audioCame(id);
      return id;
    }
    const speech = this.#speech();
    if (!speech && isInSpeech()) return undefined;
    if (!speech && this.#isUntracked) throw new UntrackedAudio();
    if (!speech) throw new Error('audio came to the output outside of any speech');
    const due = speech.dueAtOutput;
    if (due === undefined) return speech.takeForAudio().response.id;
    // It left its node with a tag.
    this.#port.missing.add(FRAME_USERDATA);
    speech.audioCame(due);
    return due;
  }

  get #isUntracked(): boolean {
    return this.#port.missing.has(SPEECH_FLOW) || turnStorage.getStore() === UNTRACKED_TURN;
  }

  /** Late audio of a speech that is over must not count as that of another one. */
  #speech(): Speech | undefined {
    const isKnown = isInSpeech() && !this.#port.missing.has(SPEECH_FLOW);
    return isKnown ? currentSpeech() : speechIn(this.#port.owner);
  }
}
