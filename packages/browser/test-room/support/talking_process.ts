// The program of AgentProcess. It tells its parent each event of its one turn.
import { setTimeout as wait } from 'node:timers/promises';
import type { OncueEvent } from '@oncue/core';
import { RoomAgent } from './room_agent.ts';

const LOOK_MS = 20;

const tell = (event: OncueEvent): void => {
  // The parent has another zero of time.
  process.send?.({ ...event, atMs: event.atMs + performance.timeOrigin });
};

const { server, room, script } = JSON.parse(process.argv[2] ?? '{}');
process.once('disconnect', () => process.exit());
const agent = await RoomAgent.join(server, { room });
agent.events.forEach(tell);
agent.oncue.onAny(tell);
while (!agent.isListenedTo) await wait(LOOK_MS);
agent.ask(script);
