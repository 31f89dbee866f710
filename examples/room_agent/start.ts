import { parseArgs } from 'node:util';
import { runWithUsage, wrongArgument } from '../../scripts/run_with_usage.mjs';
import type { Wish } from './run_room.ts';

const USAGE = `npm run room -- [options]

Starts a LiveKit server, the agent's worker and a page on this machine. Ctrl-C ends all of them. The page is that of
examples/react_captions. On a desktop it opens by itself.

  --no-open   prints the page's address only
  --plain     shows the page without a framework, of examples/room_agent/page
  --studio    shows Studio in the room, instead of the worker and its page. Studio takes these too:
              [agent.ts] [--port 4610] [--openai]
`;

await runWithUsage(USAGE, async () => {
  const wish = readWish();
  // Takes seconds to load, which a wrong argument need not wait for.
  const { runRoom } = await import('./run_room.ts');
  await runRoom(wish);
});

function readWish(): Wish {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'no-open': { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      studio: { type: 'boolean', default: false },
      port: { type: 'string' },
      openai: { type: 'boolean' },
    },
  });
  const { plain, studio } = values;
  if (studio && plain) throw wrongArgument('--studio shows no --plain page');
  if (studio)
    return { what: 'studio', args: process.argv.slice(2).filter((one) => one !== '--studio') };
  if (positionals.length > 0 || values.port !== undefined || values.openai)
    throw wrongArgument('only Studio takes an agent file, --port and --openai; add --studio');
  return { what: 'page', isPlain: plain, opens: !values['no-open'] };
}
