// The program of AgentProcess. It says one word to its parent: that the story is being heard.
import { setTimeout as wait } from 'node:timers/promises';
import { RoomAgent } from './room_agent.ts';

const STORY = 'A long story begins here, and it goes on and on until somebody stops it for good. ';
const REPEATS = 10;
const LOOK_MS = 20;

const { server, room } = JSON.parse(process.argv[2] ?? '{}');
process.once('disconnect', () => process.exit());
const agent = await RoomAgent.join(server, { room });
while (!agent.isListenedTo) await wait(LOOK_MS);
agent.ask([STORY.repeat(REPEATS)]);
while (agent.heardMs < 500) await wait(LOOK_MS);
process.send?.('heard');
