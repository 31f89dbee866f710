import open from 'open';

/** What tells whether somebody sits before a desktop. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** Whether a page that opens by itself is seen by the one who started the program: not in CI, in a pipe or over SSH. */
export function hasDesktop({ platform, env, isTerminal }: Surroundings): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = env;
  if (!isTerminal || CI || SSH_CONNECTION) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}

/** Opens the page in the user's browser. Where that fails, its address was printed all the same. */
export async function showPage(url: string): Promise<void> {
  try {
    const opener = await open(url);
    opener.once('error', () => undefined);
  } catch {
    // No browser, or none that can be found.
  }
}
