import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { DeviceRecording } from '@oncue/testbed';
import {
  DEVICE_NOTE,
  type DeviceRow,
  type Judged,
  printConstant,
  printDeviceRows,
} from '../shared/device_rows.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { printFigures } from '../shared/print_table.ts';
import { align, Pattern, Searchable } from '../shared/truth/align.ts';
import { heardUntil, shiftAt } from '../shared/truth/heard_until.ts';
import { ofDevice } from '../shared/truth/recording.ts';
import { COARSE_STEP, RATE_HZ } from '../shared/truth/signal.ts';
import type { Heard } from './score.ts';

/** The device is searched this far around the instant that the page's recording gives, ms. */
const LEAST_MS = -100;
const MOST_MS = 400;

/** When a response sounded at the device. */
interface AtDevice {
  readonly heard: Heard;
  readonly startMs: number;
  /** When its last sample that was heard sounded. */
  readonly stoppedMs: number;
}

/** Prints the errors of what was reported against the recording of the sound device. */
export function printStudioDevice(
  heard: readonly Heard[],
  recorded: DeviceRecording,
  known: readonly KnownSpeech[],
): void {
  const found = findAtDevice(heard, recorded, known);
  const whole = found.filter((one) => !one.heard.isCut);
  const cut = found.filter((one) => one.heard.isCut);
  const rows: DeviceRow[] = [
    { name: 'started', label: 'startedAtMs', judged: whole.flatMap(startOf) },
    { name: 'task', label: 'task starts', judged: whole.flatMap(taskOf) },
    { name: 'ended', label: 'endedAtMs', judged: whole.flatMap(endOf) },
    { name: 'ended_cut', label: '  of a cut', judged: cut.flatMap(endOf) },
  ];
  const constants = found.map((one) => one.startMs - one.heard.truthMs);
  const figures = { ...printDeviceRows('studio', rows), ...printConstant('studio', constants) };
  console.log(
    `\n  ${found.length} of ${heard.length} responses were found at the device.${DEVICE_NOTE}`,
  );
  printFigures('studio_device', figures);
}

function findAtDevice(
  heard: readonly Heard[],
  recorded: DeviceRecording,
  known: readonly KnownSpeech[],
): AtDevice[] {
  const recording = ofDevice(recorded);
  const searchable = new Searchable(recorded.samples);
  const patterns = new Map(
    known.map((one) => [one.text, new Pattern(one.samples, SAMPLE_RATE_HZ)]),
  );
  return heard.flatMap((one): AtDevice[] => {
    const pattern = patterns.get(one.text);
    if (!pattern) return [];
    const expected = recording.frameAt(one.truthMs);
    const from = expected + (LEAST_MS * RATE_HZ) / 1000;
    const to = expected + (MOST_MS * RATE_HZ) / 1000;
    const found = align(searchable, pattern, { from, to, expected });
    if (!found) return [];
    const frames = heardUntil(searchable, pattern, found);
    const stopped =
      frames === pattern.frames
        ? found.endFrame
        : frames + shiftAt(pattern, found, frames / COARSE_STEP);
    const startMs = recording.instantMs(found.startFrame);
    return [{ heard: one, startMs, stoppedMs: recording.instantMs(stopped) }];
  });
}

function startOf({ heard: { startedAtMs, errorBoundMs }, startMs }: AtDevice): Judged[] {
  if (startedAtMs === undefined || errorBoundMs === undefined) return [];
  return [{ reportedMs: startedAtMs, errorBoundMs, truthMs: startMs }];
}

function taskOf({ heard: { taskAtMs }, startMs }: AtDevice): Judged[] {
  return taskAtMs === undefined ? [] : [{ reportedMs: taskAtMs, truthMs: startMs }];
}

function endOf({ heard: { finished }, stoppedMs }: AtDevice): Judged[] {
  if (!finished) return [];
  const { endedAtMs, errorBoundMs } = finished;
  return [{ reportedMs: endedAtMs, errorBoundMs, truthMs: stoppedMs }];
}
