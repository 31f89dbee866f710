import type { voice } from '@livekit/agents';
import type { ListenerDevice } from '../listeners/listener_device.ts';
import { lackOf } from '../livekit_internals/members.ts';
import { warn } from '../warn.ts';

/**
 * Gives a session the output that it has without Oncue. In a room LiveKit makes its own.
 *
 * @param why - for the warning if there is none: what Oncue is.
 */
export function setPlainOutput(
  session: voice.AgentSession,
  { listener, why }: { readonly listener: ListenerDevice | undefined; readonly why: string },
): void {
  const plainOutput = listener?.plainOutput;
  if (isOutput(plainOutput)) session.output.audio = plainOutput;
  else
    warn(
      'ONCUE_DISABLED',
      `Oncue is ${why}, and the listener that attachOncue got plays only with Oncue. Set session.output.audio to an output of LiveKit, or use a room.`,
    );
}

function isOutput(output: unknown): output is voice.AudioOutput {
  const shape = { captureFrame: 'function', flush: 'function', clearBuffer: 'function' } as const;
  return lackOf(output, shape) === undefined;
}
