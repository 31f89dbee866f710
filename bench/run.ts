import { runWithUsage, wrongArgument } from '../scripts/run_with_usage.mjs';

interface Bench {
  readonly about: string;
  /** What it takes; none if left out. */
  readonly options?: string;
  readonly run: () => Promise<void>;
}

/** One line a benchmark; each is loaded only when it runs. */
const BENCHES: Readonly<Record<string, Bench>> = {
  captions: {
    about: 'captions in a LiveKit room and Chromium: each word shown as heard, against the sound',
    options: '[--responses 30] [--cuts 15] [--network clean] [--seed 4213] [--speed 1] [--list]',
    run: async () =>
      (await import('./src/room/captions/captions_bench.ts')).captionsBench(process.argv.slice(3)),
  },
  cost: {
    about:
      'a LiveKit room without a browser: processor time beside LiveKit alone, packets and bytes',
    options: '[--rounds 6]',
    run: async () =>
      (await import('./src/room/cost/cost_bench.ts')).costBench(process.argv.slice(3)),
  },
  hellos: {
    about:
      '1,000 hellos a second of a hostile listener: processor time, and what they make it send',
    run: async () => (await import('./src/hellos/hellos_bench.ts')).hellosBench(),
  },
  load: {
    about:
      'sessions in one process until their events are late, and their memory: Oncue and LiveKit alone',
    options: '[--short] [--step N] [--most N] [--frame 100]',
    run: async () => (await import('./src/load/load_bench.ts')).loadBench(process.argv.slice(3)),
  },
  local: {
    about: 'start events, gaps and cut texts against what really sounded, Oncue and LiveKit alone',
    run: async () => (await import('./src/local/local_bench.ts')).localBench(),
  },
  hangup: {
    about:
      'calls in a LiveKit room over random networks: when the agent hangs up after its goodbye',
    options: '[--calls 50] [--barge-ins 10] [--seed 4213]',
    run: async () =>
      (await import('./src/room/hangup/hangup_bench.ts')).hangupBench(process.argv.slice(3)),
  },
  overhead: {
    about: 'first audio, processor time and memory with Oncue and without',
    run: async () => (await import('./src/overhead/overhead_bench.ts')).overheadBench(),
  },
  player: {
    about:
      'the player in Chromium, Firefox or WebKitGTK: starts and ends against the recorded sound device',
    options: '[--browser chromium] [--responses 60]',
    run: async () =>
      (await import('./src/player/player_bench.ts')).playerBench(process.argv.slice(3)),
  },
  room: {
    about:
      'a LiveKit room, Chromium and three networks: starts, gaps and cuts against what the page rendered',
    options:
      '[--voices] [--captions] [--responses 200] [--networks clean,wan,bad] [--cuts N] [--list] [--lengths] [--as-is] [--browser chromium] [--device] [--svg] [--keep FILE] [--again FILE]',
    run: async () => {
      const args = process.argv.slice(3);
      if (args.includes('--voices'))
        await (await import('./src/room/voices/voices_bench.ts')).voicesBench(args);
      else await (await import('./src/room/room_bench.ts')).roomBench(args);
    },
  },
  soak: {
    about: 'many sessions that talk for long in real time: nothing grows, and no response is lost',
    options: '[--minutes 120] [--sessions 20] [--seed 1] [--room] [--plain]',
    run: async () => (await import('./src/soak/soak_bench.ts')).soakBench(process.argv.slice(3)),
  },
  studio: {
    about:
      "the studio's page in Chromium: starts, tasks, gaps and cuts against what it really played",
    options: '[--responses 60] [--cuts 100] [--device]',
    run: async () =>
      (await import('./src/studio/studio_bench.ts')).studioBench(process.argv.slice(3)),
  },
  text: {
    about: 'heard text in 18 languages, with word times and without, against a real synthesis',
    options: '[--seed 15] [--cuts 100]',
    run: async () => (await import('./src/text/text_bench.ts')).textBench(process.argv.slice(3)),
  },
  timelines: {
    about: 'a thousand timelines at once: inputs, reports and events a second, bytes a response',
    run: async () => (await import('./src/timelines/timelines_bench.ts')).timelinesBench(),
  },
  workers: {
    about: "LiveKit's worker and its processes in real rooms: drain, deploy, crash",
    options: '[KIND]',
    run: async () =>
      (await import('./src/workers/workers_bench.ts')).workersBench(process.argv.slice(3)),
  },
};

const USAGE = `npm run bench -- NAME [options], where NAME is one of

${Object.entries(BENCHES)
  .map(([name, { about, options = '' }]) => `  ${name.padEnd(12)}${about}\n${optionLine(options)}`)
  .join('')}
docs/measured.md says what each has found, and with which options.
`;

function optionLine(options: string): string {
  return options === '' ? '' : `${' '.repeat(14)}${options}\n`;
}

await runWithUsage(USAGE, async () => {
  const name = process.argv[2];
  if (name === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (!bench) throw wrongArgument(`there is no benchmark ${name}`);
  if (bench.options === undefined && process.argv.length > 3)
    throw wrongArgument(`${name} has no options`);
  await bench.run();
});
