import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { findWebkit, HOW_TO_INSTALL_WEBKIT } from '../../scripts/find_webkit.mjs';
import { freePort } from './free_port.ts';
import { type SoundSink, startSoundSink } from './sound/sound_sink.ts';
import { WebkitPage } from './webkit_page.ts';

/** A busy machine takes seconds for the display, the bus and the driver. */
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 2000;
const POLL_MS = 50;

/** MiniBrowser, the small browser of WebKitGTK. */
const BROWSER_ARGS = [
  '--automation',
  // Allows sound without a click.
  '--autoplay-policy=allow',
  // A microphone that beeps, and no question to the user.
  '--enable-mock-capture-devices=true',
];

/** A WebKitGTK of our own. */
export interface WebkitBrowser {
  /** The first page is the window that the browser begins with; others are tabs of it. */
  newPage(): Promise<WebkitPage>;
  close(): Promise<void>;
}

/**
 * Starts the system's WebKitGTK without a screen, playing into the given sound sink. Without one it plays into a sink of its own,
 * which ends with it. The browser ends with this process, unless a signal ends that.
 *
 * @throws Error that says how to install WebKitGTK, if something is missing, or with what the driver wrote if it does not start
 * within 30 s.
 */
export async function launchWebkit(given?: SoundSink): Promise<WebkitBrowser> {
  const found = findWebkit();
  if (found === undefined) throw new Error(HOW_TO_INSTALL_WEBKIT);
  const sink = given ?? (await startSoundSink());
  const port = await freePort();
  const child = spawn(
    found.xvfbRun,
    ['-a', found.dbusRunSession, '--', found.driver, `--port=${port}`],
    {
      // In the language C the pages' own formats throw. Without a group of its own the display would outlive the driver.
      env: { ...process.env, ...sink.env, LANG: 'en_US.UTF-8' },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const closed = once(child, 'close').catch(() => {});
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  child.on('error', (error) => {
    log += String(error);
  });
  // All of them: the driver, its browser, the display and the bus. What has ended already cannot be found.
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {}
  };
  const kill = (): void => signal('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    // The display then removes its files.
    signal('SIGTERM');
    await Promise.race([closed, sleep(STOP_DEADLINE_MS)]);
    kill();
    if (!given) await sink.stop();
  };
  try {
    const late = sleep(START_DEADLINE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no session within ${START_DEADLINE_MS} ms`);
    });
    const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const driver = await Promise.race([openSession(port, isOver), late]);
    return browserOf(driver, stop);
  } catch (cause) {
    await stop();
    throw new Error(`${found.driver} did not start: ${log}`, { cause });
  }
}

function browserOf(driver: WebDriver, stop: () => Promise<void>): WebkitBrowser {
  let hasFirst = false;
  return {
    newPage: async () => {
      if (hasFirst) return WebkitPage.open(driver);
      hasFirst = true;
      return WebkitPage.first(driver);
    },
    close: async () => {
      // A page that hangs must not keep its browser.
      await Promise.race([driver.quit().catch(() => {}), sleep(5000)]);
      await stop();
    },
  };
}

/** Tries until the driver listens. @throws Error if the driver has ended. */
async function openSession(port: number, hasEnded: () => boolean): Promise<WebDriver> {
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { args: BROWSER_ARGS },
  });
  for (;;) {
    try {
      return await new Builder()
        .disableEnvironmentOverrides()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities(capabilities)
        .build();
    } catch (error) {
      if (hasEnded()) throw error;
      await sleep(POLL_MS);
    }
  }
}
