import type { ResponseView, RunView, SceneView } from '../terminal/run_view.ts';
import { figuresOf, statusOf } from './figures.ts';

/** The largest allowed error of a start event on a device in this process, in ms. */
const MAX_START_ERROR_MS = 5;

/**
 * The faults of a run; empty if there are none.
 *
 * A trace without the demo's notes is checked by its own events only.
 */
export function faultsOf(view: RunView): string[] {
  const ofScenes = view.scenes.flatMap((scene) => [
    ...scene.responses.flatMap((response) =>
      faultsOfResponse(scene, response, scene.isOver || view.isOver),
    ),
    ...faultsOfScene(scene),
  ]);
  const ofRun = [
    ...(view.isOver || view.isSavedEarly ? [] : ['the trace stops in the middle of the run']),
    ...(view.brokenSeq === undefined
      ? []
      : [`event ${view.brokenSeq} does not follow the event before it`]),
    ...view.troubles.map((event) => `${event.type}: ${'message' in event ? event.message : ''}`),
  ];
  return [...ofScenes, ...faultsOfOrder(view), ...ofRun];
}

function faultsOfResponse(scene: SceneView, response: ResponseView, isOver: boolean): string[] {
  const { label, startCount, endCount, skipped, started } = response;
  return [
    ...(startCount > 1 ? [`${label} has ${startCount} start events`] : []),
    ...(endCount !== 1 && isOver ? [`${label} has ${endCount} end events`] : []),
    ...(skipped && started ? [`${label} was skipped after it had started`] : []),
    // Without expectations there is no recording to compare with.
    ...(scene.isOver && scene.outcomes !== undefined ? faultsAgainstSound(scene, response) : []),
  ];
}

/** Compares the events with the recording. */
function faultsAgainstSound(scene: SceneView, response: ResponseView): string[] {
  const { label, found, started, taskRuns } = response;
  const wantedRuns = found && response.taskName !== undefined ? 1 : 0;
  const { startErrorMs = 0 } = figuresOf(scene, response);
  return [
    ...(found && !started ? [`${label} was heard and has no start event`] : []),
    ...(started && !found ? [`${label} has a start event and is not in the recording`] : []),
    ...(taskRuns.length === wantedRuns
      ? []
      : [`${label} ran ${taskRuns.length} tasks instead of ${wantedRuns}`]),
    ...(Math.abs(startErrorMs) > MAX_START_ERROR_MS
      ? [`${label} starts ${startErrorMs.toFixed(1)} ms from its true first sample`]
      : []),
    ...faultsOfSamples(response),
  ];
}

/** Compares the heard samples of the finish event with the recording. */
function faultsOfSamples({ label, finished, measured }: ResponseView): string[] {
  if (!finished || !measured) return [];
  const { soundedSamples, audibleSamples, totalSamples } = measured;
  const { heardSamples } = finished;
  if (finished.outcome === 'heard' && soundedSamples < totalSamples)
    return [`${label} lost ${totalSamples - soundedSamples} samples in the recording`];
  // In a pause the recording cannot show where the sound was cut, because silence matches silence.
  if (heardSamples < audibleSamples || heardSamples > soundedSamples)
    return [
      `${label} says ${heardSamples} samples were heard; the recording has ${soundedSamples}`,
    ];
  return [];
}

function faultsOfScene(scene: SceneView): string[] {
  if (!scene.isOver || scene.outcomes === undefined || scene.states === undefined) return [];
  const faults: string[] = [];
  const compare = (what: string, wanted: readonly string[], got: readonly string[]): void => {
    if (wanted.join(' ') !== got.join(' '))
      faults.push(
        `scene ${scene.number}: ${what} ${got.join(' → ') || 'none'}, not ${wanted.join(' → ')}`,
      );
  };
  compare('responses', scene.outcomes, scene.responses.map(statusOf));
  compare(
    'states',
    scene.states,
    scene.seenStates.map(({ state }) => state),
  );
  const heard = scene.responses.map((response) => response.finished?.heardText ?? '').join('');
  if (scene.stored?.interrupted && scene.stored.text.trim() !== heard.trim())
    faults.push(`scene ${scene.number}: the chat context differs from the words that were heard`);
  return faults;
}

/** Start events must come in the order of the sounds in the recording. */
function faultsOfOrder(view: RunView): string[] {
  const instants = view.startOrder.map((id) => view.response(id)?.found?.firstSampleAtMs ?? 0);
  const known = instants.filter((instant) => instant > 0);
  const isInOrder = known.every(
    (instant, place) => place === 0 || instant > (known[place - 1] ?? 0),
  );
  return isInOrder ? [] : ['the start events are not in the order of the sounds'];
}
