import type { SideName } from '../agents.ts';
import type { ListenerKind } from '../scenario.ts';
import { AvatarOnOncue, AvatarOnPlain } from './avatar.ts';
import { Device } from './device.ts';
import type { Listening, ListeningPort } from './listening.ts';
import { Page } from './page.ts';
import { PlainOutput } from './plain_output.ts';
import { InRoom } from './room.ts';

/** Sets the session's innermost output: LiveKit's own, or Oncue's with one of its listeners. */
export function listen(side: SideName, port: ListeningPort): Listening {
  const listener: ListenerKind = port.plan.listener ?? 'device';
  if (side === 'plain')
    return listener === 'avatar' ? new AvatarOnPlain(port) : new PlainOutput(port);
  switch (listener) {
    case 'device':
      return new Device(port);
    case 'page':
      return new Page(port);
    case 'room':
    case 'room_without_reporter':
      return new InRoom(port, listener === 'room');
    case 'avatar':
      return new AvatarOnOncue(port);
  }
}
