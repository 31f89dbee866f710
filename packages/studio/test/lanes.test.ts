import { describe, expect, it } from 'vitest';
import { heardLimitMs, lanesOf } from '../page/model/lanes.ts';
import { outcomeWords, textParts } from '../page/model/response_words.ts';
import { TraceSource } from '../page/model/trace_source.ts';
import { firstResponseOf, oneResponse, responsesOf } from './support/one_response.ts';
import { RecordedRun } from './support/recorded_run.ts';

/** Two answers in a turn: the second is written while the first plays, and cut in its second word. */
function twoAnswers(): RecordedRun {
  const run = new RecordedRun();
  const turn = run.turn();
  run.note('user_said', { text: 'Well?', by: 'typing' });
  run.note('agent_state', { state: 'thinking' });
  const first = turn.begin({
    metadata: { title: 'First', task: 'open the map' },
    onPlaybackStarted: () => {},
  });
  run.clock.advance(10);
  turn.addText('One ');
  run.clock.advance(20);
  turn.addText('two');
  const second = turn.begin({ metadata: { title: 'Second' } });
  turn.addText('three four five');
  turn.close();
  run.clock.advance(70);
  run.send(first.id, ['One', 'two'], 100);
  run.clock.advance(51);
  run.heard(first.id, 1);
  run.note('agent_state', { state: 'speaking' });
  run.clock.advance(199);
  run.heard(first.id, 200, 'ended');
  run.send(second.id, ['three', 'four', 'five'], 100);
  run.clock.advance(150);
  run.heard(second.id, 150);
  run.cut('user_speech');
  run.heard(second.id, 150, 'cut');
  run.note('agent_state', { state: 'listening' });
  run.clock.advance(400);
  return run;
}

describe('lanes of a trace (ST)', () => {
  it('[ST28] without reports the bar of what was heard stops within 1 s', () => {
    const { run, id } = oneResponse();
    run.send(id, ['One', 'two', 'three'], 9000);
    run.clock.advance(300);
    run.heard(id, 300);
    const reportedAtMs = run.clock.nowMs();
    run.clock.advance(5000);

    const response = firstResponseOf(run);
    const limitMs = heardLimitMs(response);

    // Reports come every 250 ms, so the bar does not stop between two of them.
    expect(limitMs).toBeGreaterThanOrEqual(reportedAtMs + 500);
    expect(limitMs).toBeLessThanOrEqual(reportedAtMs + 1000);
  });

  it('[ST28] as soon as nobody can hear, the bar of what was heard ends at the last reported position', () => {
    const { run, id } = oneResponse();
    run.send(id, ['One', 'two', 'three'], 9000);
    run.clock.advance(300);
    run.heard(id, 300);
    const reportedAtMs = run.clock.nowMs();
    run.clock.advance(100);
    run.timeline.audibilityChanged('nobody');
    run.clock.advance(100);

    const response = firstResponseOf(run);

    expect(response.inaudibleNow).toBe('nobody');
    expect(heardLimitMs(response)).toBe(reportedAtMs);
  });

  it.each([
    ['the user interrupts', 'user_interrupted', {}, 100, 'you'],
    ['the user types a question', 'user_said', { text: 'And?', by: 'typing' }, 100, 'you'],
    ['the application cuts', 'agent_state', { state: 'speaking' }, 100, 'the application'],
    ['the application cuts long after', 'user_interrupted', {}, 2500, 'the application'],
  ])('[ST19] when %s, the page says who cut', (_, note, fields, cutAfterMs, who) => {
    const { run, id } = oneResponse('One two three');
    run.send(id, ['One', 'two', 'three'], 2000);
    run.clock.advance(100);
    run.heard(id, 100);
    run.note(note, fields);
    run.clock.advance(cutAfterMs);
    run.cut('code');
    run.heard(id, 100 + cutAfterMs, 'cut');

    const response = firstResponseOf(run);
    expect(outcomeWords(response)).toMatch(new RegExp(`^cut by ${who} after`));
  });

  it('[ST14] a time in which nobody could hear is drawn, and its words are not heard', () => {
    const { run, turn, id } = oneResponse('One two three');
    turn.close();
    run.send(id, ['One', 'two', 'three'], 100);
    run.clock.advance(100);
    run.heard(id, 100);
    run.timeline.audibilityChanged('muted');
    expect(responsesOf(run).map(outcomeWords)).toEqual([
      'playing, muted, 100 ms known to be heard',
    ]);
    run.clock.advance(100);
    run.heard(id, 200);
    run.timeline.audibilityChanged('listening');
    run.clock.advance(100);
    run.heard(id, 300, 'ended');

    const { model } = lanesOf(run.lines);
    expect(model.inaudible).toMatchObject([{ why: 'muted' }]);
    const [{ startMs, endMs = 0 } = { startMs: 0 }] = model.inaudible;
    expect(endMs - startMs).toBe(100);
    const [response] = model.responses;
    expect(response?.outcome).toBe('partly_heard');
    expect(response?.words.map(({ heard }) => heard)).toEqual([true, false, true]);
  });

  it('[ST14] of a response whose listener did not answer, the page says what is known, not that the rest was never heard', () => {
    const run = new RecordedRun();
    const turn = run.turn();
    const first = turn.begin();
    turn.addText('One two three');
    run.send(first.id, ['One', 'two', 'three'], 100);
    const second = turn.begin();
    turn.addText('Four');
    turn.close();
    run.send(second.id, ['Four'], 100);
    run.clock.advance(100);
    run.heard(first.id, 100);
    run.timeline.audibilityChanged('silent');
    run.clock.advance(60_000);
    turn.end();

    expect(responsesOf(run).map(outcomeWords)).toEqual([
      '100 ms of 300 ms known to be heard',
      'its listener did not report it, so nobody knows whether it was heard',
    ]);
  });

  it('[ST4] all words of a response that was heard to its end are heard, though the engine says that one ends later', () => {
    const { run, turn, id } = oneResponse('One two.');
    turn.close();
    run.timeline.wordsTimed(id, [
      { text: 'One ', endSamples: 100 },
      { text: 'two', endSamples: 207 },
    ]);
    run.timeline.audioSent(id, 200, 1000);
    run.timeline.audioEnded(id);
    run.clock.advance(200);
    run.heard(id, 200, 'ended');

    const response = firstResponseOf(run);

    expect(textParts(response)).toEqual([{ text: 'One two.', heard: true }]);
  });

  it('[ST4] draws when a response was written, sent and heard, and its task', () => {
    const [first] = responsesOf(twoAnswers());

    expect(first).toMatchObject({
      title: 'First',
      taskTitle: 'open the map',
      outcome: 'heard',
      text: 'One two',
      heardText: 'One two',
      declaredAtMs: 0,
      written: { startMs: 10, endMs: 30 },
      sent: { startMs: 100, endMs: 100, ended: true },
      start: { startedAtMs: 150, evidence: 'device', errorBoundMs: 0.5 },
      heardMs: 200,
      sentMs: 200,
      endedAtMs: 350,
      tasks: [{ startedAtMs: 151, timing: 'confirmed' }],
    });
  });

  it('[ST4] draws the marks that were reached, and none after a cut', () => {
    const { run, turn, id } = oneResponse('One ');
    turn.mark('first');
    turn.addText('two');
    turn.mark('last');
    turn.close();
    run.send(id, ['One ', 'two'], 1000);
    run.clock.advance(100);
    run.heard(id, 10);
    run.clock.advance(1100);
    run.heard(id, 1100);
    run.cut('user_speech');
    run.heard(id, 1100, 'cut');
    run.clock.advance(400);

    const response = firstResponseOf(run);
    expect(response.marks.map(({ name }) => name)).toEqual(['first']);
    const atMs = (response.marks[0]?.reachedAtMs ?? 0) - (response.start?.startedAtMs ?? 0);
    expect(Math.abs(atMs - 1000)).toBeLessThan(120);
  });

  it('[ST4] draws a cut at its instant, with the words that were heard completely', () => {
    const [, second] = responsesOf(twoAnswers());

    expect(second).toMatchObject({
      outcome: 'cut',
      cutBy: 'user_speech',
      heardText: 'three',
      text: 'three four five',
      start: { startedAtMs: 350 },
      endedAtMs: 500,
      soundEndMs: 650,
    });
    expect(second?.words).toEqual([
      { text: 'three', until: 5, startMs: 350, endMs: 450, heard: true },
      { text: 'four', until: 10, startMs: 450, endMs: 550, heard: false },
      { text: 'five', until: 15, startMs: 550, endMs: 650, heard: false },
    ]);
  });

  it('[ST4] shows the words of a response that plays as they are heard', () => {
    const { run, id } = oneResponse('one two three');
    run.send(id, ['one', 'two', 'three'], 100);
    run.clock.advance(120);
    run.heard(id, 120);

    const response = firstResponseOf(run);

    expect(response).toMatchObject({ outcome: 'playing', title: 'Response 1', heardText: 'one' });
    expect(response.soundEndMs).toBe(300);
  });

  it('[ST4] places the words after a stall of the playhead where they really sound', () => {
    const { run, id } = oneResponse('one two');
    run.send(id, ['one', 'two'], 100);
    run.clock.advance(100);
    run.heard(id, 100);
    run.clock.advance(550);
    run.heard(id, 150);

    const words = firstResponseOf(run).words;

    expect(words.map(({ endMs }) => endMs)).toEqual([100, 700]);
  });

  it('[ST4] says why a response was never heard', () => {
    const run = new RecordedRun();
    const turn = run.turn();
    turn.begin({ metadata: { title: 'Nothing' } });
    turn.close();
    turn.end();

    expect(responsesOf(run)).toMatchObject([
      { outcome: 'skipped', skipReason: 'no_text', words: [] },
    ]);
  });

  it('[ST4] draws the states and what the user said', () => {
    const { model } = lanesOf(twoAnswers().lines);

    expect(model.states).toEqual([
      { state: 'thinking', startMs: 0, endMs: 151 },
      { state: 'speaking', startMs: 151, endMs: 500 },
      { state: 'listening', startMs: 500 },
    ]);
    expect(model.userSaid).toEqual([{ atMs: 0, text: 'Well?', by: 'typing' }]);
  });

  it('[ST4] gives overlapping responses rows of their own, and begins the next turn at the top', () => {
    const run = twoAnswers();
    run.clock.advance(3000);
    const turn = run.turn();
    turn.begin();
    turn.addText('later');

    const { placed, rowCount } = lanesOf(run.lines);

    expect(placed.map(({ row }) => row)).toEqual([0, 1, 0]);
    expect(rowCount).toBe(2);
  });
});

describe('a trace as of an instant (ST)', () => {
  it('[ST3] the file of a run gives the same view as the run, at its end and before', () => {
    const run = twoAnswers();
    const live = new TraceSource('live');
    for (const text of run.texts) live.append([text]);
    const file = TraceSource.ofFile('saved', live.text());

    for (const atMs of [Number.POSITIVE_INFINITY, 0, 160, 340, 350, 499, 500])
      expect(file.lanesAt(atMs)).toEqual(live.lanesAt(atMs));
  });

  it('[ST3] shows what was known at an instant, forwards and backwards', () => {
    const source = TraceSource.ofFile('saved', `${twoAnswers().texts.join('\n')}\n`);
    const outcomesAt = (atMs: number): string[] =>
      source.lanesAt(atMs).model.responses.map(({ outcome }) => outcome);

    expect(outcomesAt(5)).toEqual(['waiting']);
    expect(outcomesAt(160)).toEqual(['playing', 'waiting']);
    expect(outcomesAt(500)).toEqual(['heard', 'cut']);
    expect(outcomesAt(160)).toEqual(['playing', 'waiting']);
  });

  it('[ST3] steps from event to event, and skips progress of the playhead', () => {
    const source = TraceSource.ofFile('saved', `${twoAnswers().texts.join('\n')}\n`);

    const steps = [0];
    for (let at = 0; at < source.endMs; ) {
      at = source.stepFrom(at, 1);
      steps.push(at);
    }

    expect(steps).toEqual([0, 30, 151, 350, 500]);
    expect(source.stepFrom(500, -1)).toBe(350);
    expect(source.stepFrom(0, -1)).toBe(0);
  });

  it('[ST3] skips and counts a line of a run that is not a trace line', () => {
    const source = new TraceSource('live');

    source.append([
      '{"kind":"note"',
      '{"kind":"event","event":{"type":"x"}}',
      ...twoAnswers().texts,
    ]);

    expect(source.brokenCount).toBe(2);
    expect(source.lanesAt().model.responses).toHaveLength(2);
  });

  it('[ST3] rejects a file that is not a trace, and one of another version', () => {
    expect(() => TraceSource.ofFile('a.txt', 'hello\n')).toThrow(/not JSON/);
    expect(() => TraceSource.ofFile('a.txt', '{"kind":"header","v":99,"options":{}}\n')).toThrow(
      /versions 1 and 2/,
    );
    expect(() => TraceSource.ofFile('a.txt', '')).toThrow(/header/);
  });

  it('[ST3] ignores unknown and malformed notes', () => {
    const run = twoAnswers();
    run.note('listener_truth', { responseId: 7, soundedAtMs: 'soon' });
    run.note('agent_state', {});
    run.note('something_else', { deep: { er: [] } });

    expect(lanesOf(run.lines).model.responses[0]?.truthMs).toBeUndefined();
  });
});
