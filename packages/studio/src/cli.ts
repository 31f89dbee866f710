import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { showPage } from './show_page.ts';
import { announcementOf, namesServer, type SpeechEnv } from './speech/openai_choice.ts';
import { Studio } from './studio.ts';
import { type RoomServer, roomServerOf } from './studio_room.ts';

const USAGE = `oncue-studio [agent.ts] [--port 4610] [--room] [--openai] [--no-open]

Opens a page on this machine where you talk to a voice agent and see how much of it was heard.
Without a file it runs a demo that needs no key. A file must export createAgent(); see the README.
With --openai, model, voice and recognition come from the server in OPENAI_BASE_URL, or from OpenAI. That may cost money.
ONCUE_STUDIO_OPENAI=llm,tts,stt takes only some of them.
With --room, agent and page meet in a room of the LiveKit server in LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET.
On a desktop the page opens in the browser by itself, unless --no-open is given.
`;

/** The parsed command line. */
interface StudioArguments {
  readonly agentFile?: string;
  readonly port?: number;
  readonly room?: RoomServer;
  readonly env: SpeechEnv;
  readonly opens: boolean;
}

/** @returns The text to print if the arguments are wrong or ask for help. */
function readArguments(args: readonly string[]): StudioArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        room: { type: 'boolean' },
        openai: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return USAGE;
    if (positionals.length > 1) return `give one agent file, not ${positionals.length}\n\n${USAGE}`;
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
      return `--port ${values.port} is not a port; use 0 to 65535\n\n${USAGE}`;
    if (values.openai && !namesServer(process.env))
      return `--openai needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own\n\n${USAGE}`;
    const [agentFile] = positionals;
    return {
      opens: !values['no-open'],
      env: values.openai ? withServer(process.env) : process.env,
      ...(agentFile === undefined ? {} : { agentFile }),
      ...(port === undefined ? {} : { port }),
      ...(values.room ? { room: roomServerOf(process.env) } : {}),
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

/** Runs the command. @returns The exit code, or `undefined` while the studio runs. */
export async function main(args: readonly string[]): Promise<number | undefined> {
  const { stdout, stderr } = process;
  surviveLostOutput([stdout, stderr]);
  const read = readArguments(args);
  if (typeof read === 'string') {
    stderr.write(read);
    return read === USAGE ? 0 : 2;
  }
  const { opens, ...options } = read;
  initializeLogger({ pretty: stderr.isTTY, level: 'error' });
  process.setSourceMapsEnabled(true);
  const announcement = announcementOf(options.env);
  if (announcement !== undefined) stdout.write(`${announcement}\n`);
  let studio: Studio;
  try {
    studio = await Studio.start({
      ...options,
      onError: (error) => stderr.write(`${error.stack}\n`),
    });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    stderr.write(
      isTaken
        ? 'the port is in use, perhaps by another studio; choose another one with --port\n'
        : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return 1;
  }
  stdout.write(`Oncue studio: ${studio.url}\n`);
  if (opens) await showPage(studio.url);
  // An unhandled error of the agent must not end the process: the page has to show it.
  process.on('unhandledRejection', (error) => studio.reportError(error));
  process.on('uncaughtException', (error) => studio.reportError(error));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void studio.close().finally(() => process.exit(0));
    });
  }
  return undefined;
}

/**
 * A terminal or pipe that is gone takes no more words, and says so with an error event. Without a listener that would be an error of
 * the agent, which is written to the same terminal, and so on without end.
 */
export function surviveLostOutput(outputs: readonly Pick<NodeJS.WriteStream, 'on'>[]): void {
  for (const output of outputs) output.on('error', () => {});
}

/** `--openai` takes all parts from the server, unless the variable names some. */
function withServer(env: SpeechEnv): SpeechEnv {
  return { ...env, ONCUE_STUDIO_OPENAI: env['ONCUE_STUDIO_OPENAI'] || 'all' };
}
