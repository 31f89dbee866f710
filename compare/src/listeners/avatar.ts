import type { voice } from '@livekit/agents';
import { OutputListener } from '@oncue/livekit';
import { AvatarOutput } from '../fakes/avatar_output.ts';
import { attachedOutput } from './attached_output.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listening.ts';

function avatarOf({ clock, ear, plan, made }: ListeningPort): AvatarOutput {
  const { pathMs = USUAL_PATH_MS, tellsTranscript } = plan;
  return new AvatarOutput({ clock, ear, pathMs, ...(tellsTranscript ? { made } : {}) });
}

/** An avatar worker as LiveKit uses it. */
export class AvatarOnPlain implements Listening {
  readonly output: AvatarOutput;

  constructor(port: ListeningPort) {
    this.output = avatarOf(port);
  }

  workerDies(): void {
    this.output.die();
  }
}

/** The same worker behind Oncue's `OutputListener`. */
export class AvatarOnOncue implements Listening {
  readonly output: voice.AudioOutput;
  readonly #avatar: AvatarOutput;

  constructor(port: ListeningPort) {
    const { clock } = port;
    this.#avatar = avatarOf(port);
    const listener = new OutputListener(this.#avatar, { clock });
    this.output = attachedOutput(port, { listener, clock });
  }

  workerDies(): void {
    this.#avatar.die();
  }
}
