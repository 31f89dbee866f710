import { expect, it } from 'vitest';
import { hasDesktop } from '../src/show_page.ts';

const DESKTOP = { platform: 'linux', env: { DISPLAY: ':0' }, isTerminal: true } as const;

it('[ST12] the page opens by itself only on a desktop', () => {
  expect(hasDesktop(DESKTOP)).toBe(true);
  expect(hasDesktop({ ...DESKTOP, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
  expect(hasDesktop({ ...DESKTOP, platform: 'darwin', env: {} })).toBe(true);

  expect(hasDesktop({ ...DESKTOP, env: {} })).toBe(false);
  expect(hasDesktop({ ...DESKTOP, isTerminal: false })).toBe(false);
  expect(hasDesktop({ ...DESKTOP, env: { DISPLAY: ':0', CI: 'true' } })).toBe(false);
  expect(hasDesktop({ ...DESKTOP, env: { DISPLAY: ':0', SSH_CONNECTION: 'a' } })).toBe(false);
});
