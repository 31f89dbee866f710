import open from 'open';

/** The facts that tell whether the user has a desktop. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** Whether the user would see a page that opens by itself: not in CI, in a pipe or over SSH. */
export function hasDesktop({ platform, env, isTerminal }: Surroundings): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = env;
  if (!isTerminal || CI || SSH_CONNECTION) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}

/**
 * Opens a page in the user's browser, if he would see it: not in CI, in a pipe or over SSH. A failure is ignored, so print the
 * address first.
 */
export async function showPage(url: string): Promise<void> {
  const { platform, env, stdout } = process;
  if (!hasDesktop({ platform, env, isTerminal: stdout.isTTY })) return;
  try {
    const opener = await open(url);
    opener.once('error', () => undefined);
  } catch {
    // There is no browser, or it cannot be found.
  }
}
