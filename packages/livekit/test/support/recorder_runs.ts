import { voice } from '@livekit/agents';
import type { TestContext } from 'vitest';

/** Skips a test of where the recorder puts audio: before 1.9, LiveKit's outputs cannot tell it. */
export function needsRecorderRuns({ skip }: TestContext): void {
  skip(
    !('onPlaybackProgressed' in voice.AudioOutput.prototype),
    "LiveKit's outputs cannot tell the recorder where audio was played",
  );
}
