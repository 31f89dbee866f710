import {
  type AgentMessage,
  encodeAgentMessage,
  type ListenerEnvelope,
  ListenerGate,
  type ListenerMessage,
  parseListenerMessage,
} from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { AgentLink } from '../src/reporter/agent_link.ts';

const PING: AgentMessage = { type: 'ping', pingId: 1 };
const from = (epoch: string, seq: number): string => encodeAgentMessage(PING, { epoch, seq });

function link(renewed = () => {}): {
  link: AgentLink;
  said: (ListenerMessage & ListenerEnvelope)[];
  raw: string[];
} {
  const said: (ListenerMessage & ListenerEnvelope)[] = [];
  const raw: string[] = [];
  const made = new AgentLink((text) => {
    const parsed = parseListenerMessage(text);
    if (!parsed.ok) throw new TypeError(text);
    raw.push(text);
    said.push(parsed.message);
  }, renewed);
  return { link: made, said, raw };
}

describe('between a page and an agent', () => {
  it('[RP6] each message of the agent counts once, in whatever order they come', () => {
    const { link: one } = link();

    const taken = [3, 1, 3, 2, 1, 600, 4].map((seq) => one.take(from('s', seq)) !== undefined);

    expect(taken).toEqual([true, true, false, true, false, true, false]);
    expect(one.take('{"v":1}')).toBeUndefined();
  });

  it('[RP6] a new session of the agent starts a new count, and the old session does not come back', () => {
    let sessions = 0;
    const { link: one } = link(() => {
      sessions += 1;
    });
    const sessionsAfter = (epoch: string, seq: number): number | undefined =>
      one.take(from(epoch, seq)) && sessions;

    expect(sessionsAfter('s', 1)).toBe(1);
    expect(sessionsAfter('s', 2)).toBe(1);
    expect(sessionsAfter('t', 1)).toBe(2);
    expect(sessionsAfter('s', 3)).toBeUndefined();
    expect(sessionsAfter('t', 2)).toBe(2);
    expect(sessions).toBe(2);
  });

  it('[RP6] what has no epoch or no number is not for a page in a room', () => {
    const { link: one } = link();

    expect(one.take(encodeAgentMessage(PING, { epoch: 's' }))).toBeUndefined();
    expect(one.take(encodeAgentMessage(PING, { seq: 1 }))).toBeUndefined();
    expect(one.take(encodeAgentMessage(PING))).toBeUndefined();
    expect(one.take(from('s', 1))).toMatchObject(PING);
  });

  it('[RP7] everything from hello to bye has one epoch; outside of that nothing is sent', () => {
    const { link: one, said, raw } = link();

    one.say({ type: 'bye' }, true);
    one.hello('graph');
    one.hello('element');
    one.say({ type: 'pong', pingId: 1, receivedAtMs: 1 as never, sentAtMs: 2 as never }, false);
    one.bye();
    one.say({ type: 'bye' }, true);
    one.hello('graph');

    expect(said.map(({ type, seq }) => `${type} ${seq}`)).toEqual([
      'hello 1',
      'hello 2',
      'pong 3',
      'bye 4',
      'hello 1',
    ]);
    expect(said[0]).toMatchObject({ evidence: 'device', playedBy: 'graph' });
    expect(new Set(said.map(({ epoch }) => epoch)).size).toBe(2);
    const gate = new ListenerGate();
    expect(raw.map((text) => gate.take(text, 0 as never).type)).not.toContain('dropped');
  });
});
