import { voice } from '@livekit/agents';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { attachOncue, currentTurn, OncueAgent, OutputListener } from '../src/index.ts';
import { PlayingOutput } from './support/playing_output.ts';
import { RealtimeDouble } from './support/realtime_double.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { gate, type RunOptions, type SessionRun, startSession } from './support/session_harness.ts';
import { captureWarnings, type Warning } from './support/warnings.ts';
import { WAYS, type WayToAttach } from './support/ways_to_attach.ts';

interface Attached {
  readonly run: SessionRun;
  readonly way: WayToAttach;
  readonly warnings: readonly Warning[];
}

async function start(name: string, options: RunOptions = {}): Promise<Attached> {
  const warnings = captureWarnings();
  onTestFinished(() => void vi.restoreAllMocks());
  const clock = new ManualClock();
  const way = WAYS[name]?.(clock);
  if (!way) throw new Error(`there is no way "${name}"`);
  const run = await startSession({ clock, attach: way.attach, ...options });
  way.started?.(run);
  return { run, way, warnings };
}

/** One second. */
const LONG = 'alpha beta gamma delta epsilon zeta eta theta iota kappa';

const failures = (warnings: readonly Warning[]): readonly Warning[] =>
  warnings.filter(({ code }) => code !== 'ONCUE_OUTPUT_REPLACED');

/** What a session goes on to do: an answer, said text, an interruption, another agent. */
async function goOn({ run, way }: Attached): Promise<unknown> {
  const before = { sound: way.soundMs(run), states: run.states.length };
  await run.reply('alpha beta');
  await run.over(run.session.say('gamma'));
  const cut = run.session.generateReply({ userInput: 'delta epsilon zeta eta theta' });
  await run.until(() => run.session.agentState === 'speaking');
  await run.pass(250);
  cut.interrupt();
  await run.over(cut);
  run.session.updateAgent(new voice.Agent({ instructions: '' }));
  await run.pass(50);
  await run.reply('iota kappa');
  await run.pass(500);
  return {
    soundMs: Math.round((way.soundMs(run) - before.sound) / 10) * 10,
    states: run.states.slice(before.states).map(({ state }) => state),
    chat: run.chat,
    waitsFor: run.unfinishedSegments,
  };
}

describe.each(Object.keys(WAYS))('[CL2] after oncue.close, with a %s', (name) => {
  it('[CL2] a session goes on as if it had not been called, before its first turn', async () => {
    const expected = await goOn(await start(name));
    const closed = await start(name);
    await closed.run.oncue.close();
    const { length } = closed.run.events;

    expect(await goOn(closed)).toEqual(expected);
    expect(closed.run.events).toHaveLength(length);
    expect(failures(closed.warnings)).toEqual([]);
  });

  it('[CL2] the same between turns, and called twice', async () => {
    const open = await start(name);
    await open.run.reply('lambda');
    const expected = await goOn(open);
    const closed = await start(name);
    await closed.run.reply('lambda');
    await closed.run.oncue.close();
    await closed.run.oncue.close();
    const { length } = closed.run.events;

    expect(await goOn(closed)).toEqual(expected);
    expect(closed.run.events).toHaveLength(length);
    expect(failures(closed.warnings)).toEqual([]);
  });

  it('[CL2] an answer that plays goes on to its end, and the application is told that it is cut', async () => {
    const { run, way, warnings } = await start(name);
    const handle = run.session.generateReply({ userInput: LONG });
    await run.until(() => run.session.agentState === 'speaking');
    await run.pass(150);
    await run.oncue.close();
    const told = [...run.ends];
    await run.over(handle);
    await run.pass(500);

    expect(told).toEqual([expect.stringMatching(/^cut: alpha/)]);
    expect(run.ends).toEqual(told);
    expect(way.soundMs(run)).toBeCloseTo(1000, -1);
    expect(run.chat).toEqual([{ text: LONG, interrupted: false }]);
    expect(run.session.agentState).toBe('listening');
    expect(failures(warnings)).toEqual([]);
    await run.reply('epsilon');
    expect(run.chat.at(-1)?.text).toBe('epsilon');
  });
});

describe('[CL2] after oncue.close', () => {
  it('[CL2] an agent that declares is spoken, and what it declares is ignored', async () => {
    let wait: unknown;
    const ran: string[] = [];
    const agent = new (class extends OncueAgent {
      protected override async *respond() {
        const turn = currentTurn();
        const response = turn.begin({ onPlaybackStarted: () => void ran.push('task') });
        wait = response.heard();
        yield 'alpha ';
        turn.queueAgentState('thinking');
        turn.mark('here');
        turn.begin({ onPlaybackFinished: () => void ran.push('finished') });
        yield 'beta';
      }
    })({ instructions: '' });
    const { run, warnings } = await start('local', { agent });
    await run.oncue.close();

    await run.reply();

    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
    expect(await wait).toEqual({ outcome: 'not_known' });
    expect(ran).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('[CL2] states and tasks that wait are dropped, and the later responses are spoken', async () => {
    const agent = new ScriptedAgent(async function* (turn) {
      turn.begin();
      yield 'alpha beta ';
      turn.queueAgentState('thinking');
      turn.begin({ onPlaybackStarted: () => void ran.push('task') });
      yield 'gamma';
    });
    const ran: string[] = [];
    const { run, way } = await start('local', { agent });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 50);
    await run.oncue.close();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: ', 'skipped: closed']);
    expect(run.of('agent_state_dropped')).toHaveLength(1);
    expect(run.stateNames).toEqual(['thinking', 'speaking', 'listening']);
    expect(ran).toEqual([]);
    expect(way.soundMs(run)).toBeCloseTo(300, -1);
    expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: false }]);
  });

  it('[CL2] a task that runs has its time, then its signal aborts, while the session goes on', async () => {
    const held = gate();
    let signal: AbortSignal | undefined;
    const agent = new ScriptedAgent(async function* (turn) {
      turn.begin({
        task: {
          run: async (_event, of) => {
            signal = of;
            await held.opened;
          },
        },
      });
      yield 'alpha';
    });
    const { run } = await start('local', { agent, attach: { closeDeadlineMs: 300 } });
    await run.reply();
    await run.whileTimePasses(run.oncue.close());

    expect(signal?.aborted).toBe(true);
    expect(run.of('task_aborted')).toMatchObject([{ reason: 'closed' }]);
    held.open();
    await run.reply('beta');
    expect(run.chat).toHaveLength(2);
  });

  it('[CL2] a realtime model goes on', async () => {
    const llm = new RealtimeDouble('alpha beta', 'gamma');
    const { run, way, warnings } = await start('local', { llm, tts: undefined });
    await run.oncue.close();
    await run.over(run.session.generateReply());

    expect(run.chat.map(({ text }) => text)).toEqual(['alpha beta', 'gamma']);
    expect(way.soundMs(run)).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });

  it('[CL2] from a handler, the events of that moment come first', async () => {
    const { run } = await start('local');
    run.oncue.on('response_playback_started', () => void run.oncue.close());
    await run.reply('alpha beta');

    const types = run.events.map(({ type }) => type);
    expect(types.at(-1)).toBe('response_playback_finished');
    expect(types.indexOf('response_playback_started')).toBeLessThan(types.length - 1);
    expect(run.ends).toEqual(['cut: ']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: false }]);
  });

  it('[CL2] the listener is closed when the session closes', async () => {
    const clock = new ManualClock();
    const listener = new OutputListener(new PlayingOutput(clock), { clock });
    const close = vi.spyOn(listener, 'close');
    const run = await startSession({ clock, attach: { listener } });
    await run.oncue.close();
    expect(close).not.toHaveBeenCalled();

    await run.whileTimePasses(run.session.close());
    await run.pass(10);

    expect(close).toHaveBeenCalled();
  });

  it('[CL2] attaching anew is refused, and the error says what to do', async () => {
    const { run } = await start('local');
    await run.oncue.close();
    const again = (): unknown => attachOncue(run.session, { room: {} as never });

    expect(again).toThrow(
      expect.objectContaining({
        code: 'ONCUE_ALREADY_ATTACHED',
        message: expect.stringContaining('new AgentSession'),
      }),
    );
  });
});

describe('[CL3] a session that starts after Oncue is over', () => {
  it.each(['closed before the start', 'started again'])(
    '[CL3] %s: it plays as LiveKit does alone',
    async (when) => {
      const warnings = captureWarnings();
      onTestFinished(() => void vi.restoreAllMocks());
      const clock = new ManualClock();
      const output = new PlayingOutput(clock);
      const agent = new ScriptedAgent(texts('alpha ', 'beta'));
      const run = await startSession({
        clock,
        agent,
        attach: { listener: new OutputListener(output, { clock }) },
        ...(when === 'started again'
          ? {}
          : { beforeStart: (_session, oncue) => void oncue.close() }),
      });
      if (when === 'started again') {
        await run.reply();
        await run.whileTimePasses(run.session.close());
        await run.whileTimePasses(run.session.start({ agent }));
      }
      expect(run.session.output.audio).not.toBe(run.output);
      const { length } = run.events;

      await run.reply();

      expect(run.chat.at(-1)).toEqual({ text: 'alpha beta', interrupted: false });
      expect(run.events).toHaveLength(length);
      expect(warnings).toEqual([]);
    },
  );
});
