import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { joinToken, type LivekitServer } from '@oncue/testbed';

const PROGRAM = fileURLToPath(
  new URL('../../../packages/browser/test-room/support/listener_process.ts', import.meta.url),
);

/** Starts a listener in a process of its own. @returns Once it has joined the room. */
export async function startListener(
  server: LivekitServer,
  room: string,
  identity: string,
): Promise<{ disconnect(): void }> {
  const token = await joinToken(server, { room, identity });
  const child = fork(PROGRAM, [server.url, token, String(performance.timeOrigin)]);
  await once(child, 'message');
  return child;
}
