import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { findWebkit, HOW_TO_INSTALL_WEBKIT } from '../../scripts/find_webkit.mjs';
import { freePort } from './free_port.ts';
import { type SoundSink, startSoundSink } from './sound/sound_sink.ts';
import { WebkitPage } from './webkit_page.ts';

/** A busy machine takes seconds for the display, the bus and the driver. */
const START_DEADLINE_MS = 30_000;
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
 * which ends with it. The browser ends with this process.
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
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  child.on('error', (error) => {
    log += String(error);
  });
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    if (!given) await sink.stop();
  };
  try {
    const driver = await openSession(port, () => child.exitCode !== null);
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

/** @throws Error if there is no session within the time, or the driver has ended. */
async function openSession(port: number, hasEnded: () => boolean): Promise<WebDriver> {
  const endMs = performance.now() + START_DEADLINE_MS;
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
      if (hasEnded() || performance.now() > endMs) throw error;
      await sleep(POLL_MS);
    }
  }
}
