import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type UserConfig } from 'vite';

export default defineConfig({
  root: new URL('page', import.meta.url).pathname,
  plugins: [react()],
  // Only in this repository, where packages run from source. Leave it out in yours.
  resolve: { conditions: ['@oncue/source', ...defaultClientConditions] },
  // Content policies refuse worklets with a data: address.
  build: { assetsInlineLimit: 0 },
}) satisfies UserConfig;
