import type { voice } from '@livekit/agents';
import type { AgentMs, OncueEvent, ResponseId } from '@oncue/core';
import type { ListenerLink } from '../listeners/listener_link.ts';
import { chainFrom, isWrapper } from '../livekit_internals/output/audio_chain.ts';
import { warn } from '../warn.ts';
import { FollowedOutput, type FollowedOutputPort } from './followed_output.ts';

/** What following other outputs takes. */
export interface OtherOutputsPort extends Omit<FollowedOutputPort, 'plays'> {
  readonly session: voice.AgentSession;
  readonly link: Pick<ListenerLink, 'bypass' | 'useAgain'>;
}

/**
 * Notices that `session.output.audio` no longer ends in Oncue's output, says so once, and follows what is there by its
 * own playback events [LK17]: console mode sets another, an avatar's `start()`, or the application.
 */
export class OtherOutputs {
  readonly #port: OtherOutputsPort;
  readonly #followed = new WeakSet<object>();
  /** The one that plays in place of Oncue's listener. */
  #inUse: FollowedOutput | undefined;

  constructor(port: OtherOutputsPort) {
    this.#port = port;
  }

  /** Looks at the session's output. Called before each response. */
  review(): void {
    const { audio } = this.#port.session.output;
    if (!audio) return;
    if (this.#isOurs(audio)) {
      this.#returnToOurs();
      return;
    }
    if (this.#followed.has(audio)) return;
    this.#followed.add(audio);
    warn(
      'ONCUE_OUTPUT_REPLACED',
      `session.output.audio no longer ends in the output of Oncue: it is a ${audio.constructor.name}. Oncue follows its ` +
        'playback events, with evidence "transport", and its own listener gets no audio. If it passes audio on to the ' +
        'output that was there, give that to super() as nextInChain; to use an output from the start, give attachOncue ' +
        'new OutputListener(output).',
    );
    const followed: FollowedOutput = new FollowedOutput(audio, {
      ...this.#port,
      plays: (sinceMs) => this.#use(followed, sinceMs),
    });
    followed.follow();
  }

  /** Notices that the last response of another output has ended. */
  follow({ type }: OncueEvent): void {
    const isEnd = type === 'response_playback_finished' || type === 'response_skipped';
    if (isEnd && this.#isOurs(this.#port.session.output.audio)) this.#returnToOurs();
  }

  /** The words that the output in use says it played of the response that it reported last. */
  transcriptOf(id: ResponseId): string | undefined {
    return this.#inUse?.transcriptOf(id);
  }

  #isOurs(audio: unknown): boolean {
    const chain = chainFrom(audio);
    // One of LiveKit's wrappers that hides what it wraps is a fact that is missing, and no other output.
    return chain.includes(this.#port.ours) || chain.slice(-1).some(isWrapper);
  }

  #use(followed: FollowedOutput, sinceMs: AgentMs): void {
    if (this.#inUse === followed) return;
    this.#inUse = followed;
    this.#port.link.bypass(sinceMs);
  }

  /** What the other output still plays is heard there. */
  #returnToOurs(): void {
    if (!this.#inUse || this.#inUse.isPlaying) return;
    this.#inUse = undefined;
    this.#port.link.useAgain();
  }
}
