// Tests for SPEC.md, "React".
import type { HeardResponse } from '@oncue/browser/captions';
import { AudioError } from '@oncue/browser/reporter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  useAgentHeardState,
  useHeardCaption,
  usePlayhead,
  useReporter,
  useResponse,
  useResponseEvent,
  useResponseMark,
  useResponses,
} from '../src/index.ts';
import { openWindow, responseOf, runFrames, Stage } from './support/page.ts';

let closeWindow: () => void;
let stage: Stage;
beforeEach(() => {
  closeWindow = openWindow();
  stage = new Stage();
});
afterEach(async () => {
  await stage.close();
  closeWindow();
});

const setResponses = (...responses: HeardResponse[]): Promise<void> =>
  stage.fake.change(() => {
    stage.fake.responses = responses;
  });

const position = (heardMs: number) => ({
  responseId: 'r1',
  heardMs,
  heardSamples: heardMs,
  sampleRateHz: 1000,
});

describe('what hooks give', () => {
  it('[RE2] useResponses and useResponse follow the responses', async () => {
    await stage.show(() => {
      const all = useResponses();
      const first = useResponse('r1');
      return `${all.length} ${first?.heardText ?? 'none'}`;
    });
    expect(stage.text).toBe('0 none');
    await setResponses(responseOf(1), responseOf(0, 'queued', 'r2'));
    expect(stage.text).toBe('2 One');
  });

  it('[RE2] a component renders again only for its own value', async () => {
    let count = 0;
    await stage.show(() => {
      count += 1;
      return useResponse('r1')?.heardText;
    });
    const first = responseOf(1);
    await setResponses(first, responseOf(0, 'queued', 'r2'));
    const before = count;
    await setResponses(first, responseOf(2, 'playing', 'r2'));
    expect(count).toBe(before);
    await setResponses(responseOf(2), responseOf(2, 'playing', 'r2'));
    expect(count).toBeGreaterThan(before);
  });

  it('[RE3] useHeardCaption gives the response that sounds, in three parts, and the last one when it has ended', async () => {
    await stage.show(() => {
      const { spoken, current, unspoken, response } = useHeardCaption();
      return response ? `${spoken}|${current}|${unspoken}` : 'nothing';
    });
    await setResponses(responseOf(0, 'queued'));
    expect(stage.text).toBe('nothing');
    await setResponses(responseOf(1), responseOf(0, 'queued', 'r2'));
    expect(stage.text).toBe('One| two| three.');
    await setResponses(responseOf(1, 'cut'), responseOf(0, 'skipped', 'r2'));
    expect(stage.text).toBe('One|| two three.');
  });

  it('[RE3] the modes of useHeardCaption are karaoke, captions and instant', async () => {
    await stage.show(() => {
      const karaoke = useHeardCaption({ mode: 'karaoke' });
      const captions = useHeardCaption({ mode: 'captions' });
      const instant = useHeardCaption({ mode: 'instant', responseId: 'r1' });
      return [karaoke, captions, instant]
        .map(({ spoken, current, unspoken }) => `${spoken}[${current}]${unspoken}`)
        .join(' / ');
    });
    await setResponses(responseOf(1));
    expect(stage.text).toBe('One[ two] three. / One[ two] / []One two three.');
  });

  it('[RE4] usePlayhead draws in each frame while a response sounds, and renders nothing', async () => {
    const drawn: (number | undefined)[] = [];
    let renderCount = 0;
    await stage.show(() => {
      renderCount += 1;
      usePlayhead((position) => drawn.push(position?.heardMs));
      return null;
    });
    const before = renderCount;
    stage.fake.position = position(100);
    await runFrames();
    stage.fake.position = position(120);
    await runFrames();
    stage.fake.position = undefined;
    await runFrames();

    expect(drawn).toEqual([100, 120, undefined]);
    expect(renderCount).toBe(before);
    expect(await runFrames()).toBe(0);
    stage.fake.emit('response_started', { response: responseOf(0), heardMs: 0 });
    expect(await runFrames()).toBe(1);
  });

  it('[RE4] usePlayhead draws again when a response goes on that had no position for a while', async () => {
    const drawn: (number | undefined)[] = [];
    await stage.show(() => {
      usePlayhead((at) => drawn.push(at?.heardMs));
      return null;
    });
    stage.fake.position = position(100);
    await runFrames();
    stage.fake.position = undefined;
    await runFrames();
    await stage.fake.change(() => {});
    expect(await runFrames()).toBe(0);
    stage.fake.position = position(2400);
    await stage.fake.change(() => {});
    await runFrames();

    expect(drawn).toEqual([100, undefined, 2400]);
  });

  it('[RE5] useAgentHeardState and useReporter say what the page hears', async () => {
    await stage.show(() => {
      const { state, error } = useReporter();
      return `${useAgentHeardState()} ${state} ${error?.code}`;
    });
    expect(stage.text).toBe('undefined listening undefined');
    await stage.fake.change(() => {
      stage.fake.agentState = 'speaking';
      stage.fake.reporterState = 'blocked';
    });
    expect(stage.text).toBe('speaking blocked undefined');
    await stage.fake.emitError(new AudioError('worklet_not_loaded', 'no worklet'));
    expect(stage.text).toBe('speaking blocked worklet_not_loaded');
  });

  it('[RE5] an error that the device does not start is over once the page listens; others stay', async () => {
    await stage.show(() => `${useReporter().error?.code}`);
    await stage.fake.emitError(new AudioError('device_not_started', 'no device'));
    await stage.fake.setReporterState('waiting');
    expect(stage.text).toBe('device_not_started');
    await stage.fake.setReporterState('listening');
    expect(stage.text).toBe('undefined');
    await stage.fake.emitError(new AudioError('device_not_used', 'another one plays'));
    await stage.fake.setReporterState('listening');
    expect(stage.text).toBe('device_not_used');
  });

  it('[RE5] start is the same function in each render, and starts the reporter', async () => {
    const starts: (() => Promise<void>)[] = [];
    await stage.show(() => {
      starts.push(useReporter().start);
      return null;
    });
    await stage.fake.change(() => {
      stage.fake.reporterState = 'blocked';
    });
    await starts.at(-1)?.();

    expect(starts.length).toBeGreaterThan(1);
    expect(starts.every((start) => start === starts.at(-1))).toBe(true);
    expect(stage.fake.startCount).toBe(1);
  });

  it('[RE6] useResponseMark calls the handler of the latest render, once for each mark', async () => {
    const reached: string[] = [];
    await stage.show(() => {
      const count = useResponses().length;
      useResponseMark(({ name }) => reached.push(`${count} ${name}`));
      return null;
    });
    await setResponses(responseOf(1));
    stage.fake.reach({ responseId: 'r1', name: 'map', isEstimated: false });

    expect(reached).toEqual(['1 map']);
  });

  it('[RE6] useResponseEvent calls the handler of the latest render, once for each event', async () => {
    const heard: string[] = [];
    await stage.show(() => {
      const count = useResponses().length;
      useResponseEvent('response_cut', ({ response }) =>
        heard.push(`${count} ${response.heardText}`),
      );
      return null;
    });
    await setResponses(responseOf(1));
    stage.fake.emit('response_cut', { response: responseOf(1, 'cut'), heardMs: 1200 });

    expect(heard).toEqual(['1 One']);
  });
});
