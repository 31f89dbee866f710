/** Light, dark, or whichever the system has. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'oncue-studio-theme';

/** What was chosen here before. */
export function savedTheme(): Theme {
  const saved = localStorage.getItem(KEY);
  return saved === 'light' || saved === 'dark' ? saved : 'system';
}

/** Dresses the page, and keeps the choice. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = isDark(theme) ? 'dark' : 'light';
  if (theme === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
}

/** Whether a theme is dark here and now. */
export function isDark(theme: Theme): boolean {
  if (theme !== 'system') return theme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
