import type { ResponseId, Turn } from '@oncue/core';
import { lanesOf } from '../../page/model/lanes.ts';
import type { ResponseView } from '../../page/model/response_view.ts';
import { RecordedRun } from './recorded_run.ts';

/** A run in which a response has begun, with this text so far. */
export function oneResponse(text?: string): {
  readonly run: RecordedRun;
  readonly turn: Turn;
  readonly id: ResponseId;
} {
  const run = new RecordedRun();
  const turn = run.turn();
  const { id } = turn.begin();
  if (text !== undefined) turn.addText(text);
  return { run, turn, id };
}

/** What the page draws of each response of a run. */
export function responsesOf(run: RecordedRun): readonly ResponseView[] {
  return lanesOf(run.lines).model.responses;
}

/** The same of the first response, which must be there. */
export function firstResponseOf(run: RecordedRun): ResponseView {
  const [response] = responsesOf(run);
  if (!response) throw new Error('there is a response');
  return response;
}
