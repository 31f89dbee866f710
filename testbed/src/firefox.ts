import { type Browser, firefox } from 'playwright-core';
import { findFirefox, HOW_TO_INSTALL_FIREFOX } from '../../scripts/find_firefox.mjs';
import { startSoundSink } from './sound_sink.ts';

const PREFERENCES = {
  // Allows sound without a click.
  'media.autoplay.default': 0,
  // A microphone that beeps, and no question to the user.
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  // On a busy machine an ordinary script may take longer than the 10 s after which Firefox would stop it.
  'dom.max_script_run_time': 0,
};

/**
 * Starts the system's Firefox with its own temporary profile, playing into a sound sink of its own. Both end with this process.
 *
 * @throws Error that says how to install Firefox or PulseAudio, if one is missing.
 */
export async function launchFirefox(): Promise<Browser> {
  const found = findFirefox();
  if (found === undefined) throw new Error(HOW_TO_INSTALL_FIREFOX);
  const sink = await startSoundSink(found.pulseaudio);
  try {
    const browser = await firefox.launch({
      executablePath: found.firefox,
      // By WebDriver BiDi, which an unpatched Firefox has.
      channel: 'moz-firefox',
      env: { ...process.env, ...sink.env },
      firefoxUserPrefs: PREFERENCES,
    });
    browser.on('disconnected', () => void sink.stop());
    return browser;
  } catch (error) {
    await sink.stop();
    throw error;
  }
}
