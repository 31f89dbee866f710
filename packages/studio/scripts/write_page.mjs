// The last step of the build: the page beside the compiled server, so that an installed studio starts at once.
import { fileURLToPath } from 'node:url';
import { writePage } from '../dist/server/page_build.js';

await writePage(fileURLToPath(new URL('../dist/page', import.meta.url)));
