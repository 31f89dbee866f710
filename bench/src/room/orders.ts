import { parseArgs } from 'node:util';
import { countOf, wrongArgument } from '../../../scripts/run_with_usage.mjs';
import { type Arm, PARTS } from './arms.ts';
import type { Wish } from './network_run.ts';
import { BENCH_NETWORKS } from './networks.ts';

/** The arguments of a run. */
export interface Orders {
  /** Of each arm. */
  readonly wish: Wish;
  readonly arms: readonly Arm[];
  /** Write the plot. */
  readonly svg: boolean;
  /** Print what is furthest from the truth. */
  readonly list: boolean;
  /** Print what shorter and longer pieces would have found. */
  readonly lengths: boolean;
  /** Leave the machine as it is. Otherwise its cores are kept awake, and the agents leave half of them to the browser. */
  readonly asIs: boolean;
  readonly browser: 'chromium' | 'firefox';
  /** Record the sound device too, and print the errors against it. */
  readonly device: boolean;
  /** A folder for the results of each run. */
  readonly keep?: string | undefined;
  /** Such a folder, to score again instead of running. */
  readonly again?: string | undefined;
}

/** Share of stock responses and of cuts, of `--responses`. */
const STOCK_SHARE = 0.5;
const CUT_SHARE = 1 / 6;

/** @throws Error for an argument that it does not know. */
export function readOrders(args: readonly string[]): Orders {
  const { values } = parseArgs({
    args: [...args],
    options: {
      responses: { type: 'string', default: '200' },
      networks: { type: 'string', default: 'clean,wan,bad' },
      cuts: { type: 'string' },
      captions: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      lengths: { type: 'boolean', default: false },
      'as-is': { type: 'boolean', default: false },
      browser: { type: 'string', default: 'chromium' },
      device: { type: 'boolean', default: false },
      keep: { type: 'string' },
      again: { type: 'string' },
      svg: { type: 'boolean', default: false },
    },
  });
  const responses = countOf(values.responses);
  const networks = values.networks.split(',').map((name) => {
    const known = BENCH_NETWORKS.find((one) => one === name);
    if (!known)
      throw wrongArgument(`there is no network "${name}"; use ${BENCH_NETWORKS.join(', ')}`);
    return known;
  });
  if (values.captions && values.svg)
    throw wrongArgument('--svg draws one run of each network: leave out --captions');
  const arms = networks.flatMap((network): Arm[] =>
    values.captions ? PARTS.map((part) => ({ network, part })) : [{ network }],
  );
  const share = values.captions ? 1 / 2 : 1;
  const cuts = values.cuts === undefined ? responses * CUT_SHARE : countOf(values.cuts);
  const wish = {
    responses: Math.ceil(responses * share),
    stockResponses: Math.ceil(responses * STOCK_SHARE * share),
    cuts: Math.ceil(cuts * share),
  };
  const { browser } = values;
  if (browser !== 'chromium' && browser !== 'firefox')
    throw wrongArgument(`there is no browser "${browser}"; use chromium or firefox`);
  // Firefox says less about its output, and plays only into a sound device.
  const device = values.device || browser === 'firefox';
  return { ...values, browser, device, asIs: values['as-is'], wish, arms };
}
