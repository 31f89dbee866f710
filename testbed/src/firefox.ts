import { type Browser, firefox } from 'playwright-core';
import { findFirefox, HOW_TO_INSTALL_FIREFOX } from '../../scripts/find_firefox.mjs';
import { type SoundSink, startSoundSink } from './sound/sound_sink.ts';

const PREFERENCES = {
  // Allows sound without a click.
  'media.autoplay.default': 0,
  // A microphone that beeps, and no question to the user.
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  // On a busy machine an ordinary script may take longer than the 10 s after which Firefox would stop it.
  'dom.max_script_run_time': 0,
  // The media of a room goes to this machine, by addresses that the page may see.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};

/**
 * Starts the system's Firefox with its own temporary profile, playing into the given sound sink. Without one it plays into a sink of
 * its own, which ends with it. The browser ends with this process.
 *
 * @throws Error that says how to install Firefox or PulseAudio, if one is missing.
 */
export async function launchFirefox(given?: SoundSink): Promise<Browser> {
  const found = findFirefox();
  if (found === undefined) throw new Error(HOW_TO_INSTALL_FIREFOX);
  const sink = given ?? (await startSoundSink());
  const stopSink = async (): Promise<void> => {
    if (!given) await sink.stop();
  };
  try {
    const browser = await firefox.launch({
      executablePath: found.firefox,
      // By WebDriver BiDi, which an unpatched Firefox has.
      channel: 'moz-firefox',
      env: { ...process.env, ...sink.env },
      firefoxUserPrefs: PREFERENCES,
    });
    browser.on('disconnected', () => void stopSink());
    return browser;
  } catch (error) {
    await stopSink();
    throw error;
  }
}
