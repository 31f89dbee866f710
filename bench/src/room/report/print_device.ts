import {
  DEVICE_NOTE,
  type DeviceRow,
  type Judged,
  printConstant,
  printDeviceRows,
} from '../../shared/device_rows.ts';
import { printFigures } from '../../shared/print_table.ts';
import type { NetworkScore } from '../score.ts';

/** A run, scored against the recording of the sound device. */
export interface DeviceScore {
  /** Against what the page gave to its output. */
  readonly page: NetworkScore;
  readonly device: NetworkScore;
}

/** Errors against the sound device, and how far the page's own clock is from it. */
export function printDevice(scores: readonly DeviceScore[]): void {
  if (scores.length === 0) return;
  const figures: Record<string, number> = {};
  for (const { page, device } of scores) {
    const { name } = device.run;
    Object.assign(figures, printDeviceRows(name, rowsOf(device)));
    Object.assign(figures, printConstant(name, constantsMs(page, device)));
  }
  console.log(DEVICE_NOTE);
  printFigures('room_device', figures);
}

type Heard = NetworkScore['oncue'][number];

function rowsOf({ oncue, ends }: NetworkScore): DeviceRow[] {
  const of = (
    name: string,
    label: string,
    pick: (one: Heard) => Omit<Judged, 'truthMs'> | undefined,
  ): DeviceRow => ({
    name,
    label,
    judged: oncue.flatMap((one) => {
      const picked = pick(one);
      return picked ? [{ ...picked, truthMs: one.truthMs }] : [];
    }),
  });
  const ended = (isCut: boolean): readonly Judged[] =>
    ends
      .filter((one) => one.isCut === isCut)
      .map(({ truthMs, finished: { endedAtMs, errorBoundMs } }) => {
        return { truthMs, reportedMs: endedAtMs, errorBoundMs };
      });
  return [
    of('started', 'startedAtMs, device', ({ final }) =>
      final?.evidence === 'device' ? instant(final) : undefined,
    ),
    of('first', '  as first reported', ({ confirmed }) => instant(confirmed)),
    of('final', '  whatever the evidence', ({ final }) => instant(final)),
    of('predicted', 'predicted task runs', ({ predictedAtMs }) =>
      predictedAtMs === undefined ? undefined : { reportedMs: predictedAtMs },
    ),
    { name: 'ended', label: 'endedAtMs', judged: ended(false) },
    { name: 'ended_cut', label: '  of a cut', judged: ended(true) },
  ];
}

function instant(of: Heard['final']): Omit<Judged, 'truthMs'> | undefined {
  return of && { reportedMs: of.startedAtMs, errorBoundMs: of.errorBoundMs };
}

/** The device's instant minus the page's, for each start that both recordings show. In order. */
function constantsMs(page: NetworkScore, device: NetworkScore): number[] {
  const byId = new Map(page.oncue.map(({ responseId, truthMs }) => [responseId, truthMs]));
  return device.oncue.flatMap(({ responseId, truthMs }) => {
    const pageMs = byId.get(responseId);
    return pageMs === undefined ? [] : [truthMs - pageMs];
  });
}
