import { expect, vi } from 'vitest';
import { expectWentOn, type Fault } from './going_on.ts';
import type { TalkingAgent } from './talking_agent.ts';

/** LiveKit takes some seconds to connect again; a busy machine takes more. */
export const SOON = { timeout: 45_000, interval: 50 };
/** LiveKit may connect a page twice after a fault. What the page reports in between may be lost. */
const MOST_QUESTIONS = 4;

export const untilListenedTo = (agent: TalkingAgent): Promise<void> =>
  vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);

/** For so long an estimate may go on until it is known that the listener does not answer. */
const ESTIMATED_MS = 2000;

/** An agent of this process or of another one. */
export type Conversation = Pick<TalkingAgent, 'of' | 'tasks'>;

/** Each response ended once; each task ran once, and only for a response that started. */
export function expectInOrder(agent: Conversation): void {
  const declared = agent.of('response_declared').map(({ responseId }) => responseId);
  const started = agent.of('response_playback_started');
  const ended = [...agent.of('response_playback_finished'), ...agent.of('response_skipped')];
  expect(ended.map(({ responseId }) => responseId).sort()).toEqual([...declared].sort());
  expect(new Set(started.map(({ responseId }) => responseId)).size).toBe(started.length);
  expect(agent.tasks).toEqual(started.map(({ index }) => index));
}

/** The turn is over, and all of it is in order. */
export async function turnEnds(agent: TalkingAgent): Promise<void> {
  await vi.waitFor(() => {
    expect(agent.session.agentState).toBe('listening');
    expectInOrder(agent);
  }, SOON);
}

async function hears(agent: TalkingAgent): Promise<boolean> {
  await untilListenedTo(agent);
  await agent.ask(['I am back.']).waitForPlayout();
  await turnEnds(agent);
  const end = agent.of('response_playback_finished').at(-1);
  return end?.outcome === 'heard' && end.evidence === 'device';
}

/** The turn is over, and went on in time after the fault. What is said next is heard. @returns A line for the report. */
export async function goesOn(agent: TalkingAgent, fault: Fault): Promise<string> {
  await turnEnds(agent);
  const figure = expectWentOn(agent.events, fault, agent.awayAfterMs);
  await isHeardAgain(agent);
  return figure;
}

/** What is said now is heard. */
export async function isHeardAgain(agent: TalkingAgent): Promise<void> {
  let isHeard = await hears(agent);
  for (let question = 1; !isHeard && question < MOST_QUESTIONS; question += 1)
    isHeard = await hears(agent);
  expect(isHeard).toBe(true);
}

/** Hardly more counts as heard than the page has confirmed, and what is missing is named. */
export function expectOnlyConfirmed(agent: Conversation): void {
  const positions = agent.of('response_playback_progressed');
  for (const end of agent.of('response_playback_finished')) {
    const confirmed = positions.filter(
      ({ responseId, evidence }) => responseId === end.responseId && evidence === 'device',
    );
    const confirmedMs = Math.max(0, ...confirmed.map(({ heardMs }) => heardMs));
    expect(end.heardMs - confirmedMs).toBeLessThan(ESTIMATED_MS);
    if (end.outcome !== 'heard') expect(end.inaudible).not.toHaveLength(0);
  }
}
