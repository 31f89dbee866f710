// The page of tests/pages/bundlers.test.ts: everything of @oncue/browser that loads a file by its address.
import { connectPlayer, openMicrophone } from '@oncue/browser';
import { attachReporter } from '@oncue/browser/reporter';
import { Room } from 'livekit-client';

const errors = [];
const failed = (error) => errors.push(`${error.code}: ${error.message}`);

const reporter = attachReporter(new Room(), globalThis.reporterOptions);
reporter.on('error', failed);
void reporter.start();

const player = connectPlayer({ url: '/agent', ...globalThis.playerOptions });
player.on('error', failed);
player.start();

openMicrophone({ onFrame: () => {}, ...globalThis.microphoneOptions }).then(() => {
  globalThis.microphoneOpened = true;
}, failed);

globalThis.pageErrors = errors;
