import { parseArgs } from 'node:util';
import { NETWORKS, type NetworkName } from '@oncue/testbed';
import { wrongArgument } from '../../../../scripts/run_with_usage.mjs';
import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { inRoomScene } from '../../shared/room/scene.ts';
import { summarize } from '../../shared/stats.ts';
import { type CaptionRun, runCaptions, type ShownResponse } from './run_captions.ts';

/** The bar for 95 of 100 words, and for each word in a list: further off, it is seen to be out of step. */
const FAR_MS = 60;

/**
 * Captions in a real room and in Chromium: when each word was shown as heard, against when it had sounded by the recording of
 * the page's output; and the words that were shown as heard in answers that were cut. Exits with 1 if 5 of 100 words are out of
 * step, or one was shown as heard that was not.
 */
export async function captionsBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      responses: { type: 'string', default: '30' },
      cuts: { type: 'string', default: '15' },
      network: { type: 'string', default: 'clean' },
      seed: { type: 'string', default: '4213' },
      speed: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
    },
  });
  const network = values.network as NetworkName;
  if (!(network in NETWORKS)) throw wrongArgument(`there is no network "${network}"`);
  await inRoomScene(
    { page: 'room/page/captions.ts', voiceSpeed: Number(values.speed) },
    async (scene) => {
      const run = await runCaptions(scene, {
        network,
        responses: Number(values.responses),
        cuts: Number(values.cuts),
        seed: Number(values.seed),
      });
      print(network, run, values.list);
    },
  );
}

/** Shown minus sounded, for each word that was heard; negative: too early. */
function errorsMs({ truth, shownAtMs }: ShownResponse): readonly number[] {
  if (truth.kind !== 'heard') return [];
  return truth.heardWords.flatMap((_, place) => {
    const [shown, sounded] = [shownAtMs[place], truth.wordEndsMs[place]];
    return shown === undefined || sounded === undefined ? [] : [shown - sounded];
  });
}

/**
 * The recording shows the end of what sounded to this, ms: pieces of 20 ms are compared, and the last sounds of a word are
 * quieter than what is recognised. A word that ends so near to the cut may have been heard or not.
 */
const UNCLEAR_MS = 20;

/**
 * Words shown as heard beyond those that the recording has. What the network lost of a response that was not cut, or that
 * another one followed, is no cut.
 */
function tooMany({ truth, mostWords, isCut, isFollowed }: ShownResponse): number {
  if (!isCut || isFollowed) return 0;
  return Math.max(0, mostWords - (truth.kind === 'heard' ? truth.heardWords.length : 0));
}

/** Whether the last word that was shown as heard certainly was not. */
function isWrong(one: ShownResponse): boolean {
  const { truth, endsMs, mostWords } = one;
  if (tooMany(one) === 0 || truth.kind !== 'heard') return tooMany(one) > 0;
  return (endsMs[mostWords - 1] ?? 0) > truth.heardMs + UNCLEAR_MS;
}

function print(network: string, { responses, frameGapsMs }: CaptionRun, isListed: boolean): void {
  const judged = responses.filter(({ truth }) => truth.kind !== 'unknown');
  const cut = judged.filter(({ isCut }) => isCut);
  const errors = judged.flatMap(errorsMs);
  const off = summarize(errors.map(Math.abs));
  const first = summarize(judged.flatMap((one) => errorsMs(one).slice(0, 1)).map(Math.abs));
  const frames = summarize(frameGapsMs);
  const over = judged.filter((one) => tooMany(one) > 0);
  const wrong = over.filter(isWrong);
  const unclear = over.length - wrong.length;
  const differ = judged.filter(
    ({ pageText, agentText }) => pageText !== undefined && pageText !== (agentText ?? ''),
  );
  const late = judged.filter((one) => errorsMs(one).some((ms) => Math.abs(ms) > FAR_MS));
  if (isListed) for (const one of late) console.error(one.text, errorsMs(one).map(Math.round));
  if (isListed)
    for (const one of [...over, ...differ])
      console.error(JSON.stringify({ ...one, over: tooMany(one) }));
  printTable(
    `Captions, network ${network}`,
    ['', ''],
    [
      ['responses', String(judged.length)],
      ['  cut', String(cut.length)],
      ['words heard and shown', String(errors.length)],
      ['|shown as heard - sounded|, ms: median / p95 / most', row(off)],
      ['  of first words', row(first)],
      ['between two frames of the page, ms: median / p95 / most', row(frames)],
      ['responses with a word shown as heard that was not', String(wrong.length)],
      [`  with one that ends within ${UNCLEAR_MS} ms of the cut: unclear`, String(unclear)],
      ['responses whose text in the page is not that of the agent', String(differ.length)],
    ],
  );
  printFigures('captions', {
    responses: judged.length,
    cut: cut.length,
    words: errors.length,
    error_median_ms: off.median,
    error_p95_ms: off.p95,
    error_max_ms: off.max,
    first_word_error_p95_ms: first.p95,
    signed_error_median_ms: summarize(errors).median,
    frame_gap_p95_ms: frames.p95,
    shown_too_many: wrong.length,
    shown_unclear: unclear,
    page_differs: differ.length,
  });
  if (!(off.p95 <= FAR_MS) || wrong.length > 0) process.exitCode = 1;
}

function row({ median, p95, max }: ReturnType<typeof summarize>): string {
  return [median, p95, max].map((value) => cell(value)).join(' / ');
}
