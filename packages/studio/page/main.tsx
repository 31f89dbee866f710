import { render } from 'preact';
import { App } from './app.tsx';
import { Store } from './store.ts';
import { applyTheme, savedTheme } from './theme.ts';

applyTheme(savedTheme());
const root = document.getElementById('app');
if (root) render(<App store={new Store()} />, root);
