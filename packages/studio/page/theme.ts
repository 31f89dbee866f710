/** Light, dark, or the system's theme. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'oncue-studio-theme';

/** The theme that the user chose before. */
export function savedTheme(): Theme {
  const saved = localStorage.getItem(KEY);
  return saved === 'light' || saved === 'dark' ? saved : 'system';
}

/** Applies the theme and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = isDark(theme) ? 'dark' : 'light';
  if (theme === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
}

/** Whether a theme is dark now. */
export function isDark(theme: Theme): boolean {
  if (theme !== 'system') return theme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
