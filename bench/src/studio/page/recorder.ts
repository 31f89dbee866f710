// Runs in the page before its own code.
import { installRecorder } from '../../shared/page/output_recorder.ts';

installRecorder();
