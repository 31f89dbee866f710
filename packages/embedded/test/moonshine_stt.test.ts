import { initializeLogger, stt } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { FliteTTS } from '../src/flite/flite_tts.ts';
import {
  isMoonshineInstalled,
  MOONSHINE_INSTALL,
  MoonshineSTT,
} from '../src/moonshine/moonshine_stt.ts';

initializeLogger({ pretty: false, level: 'silent' });

async function spoken(text: string): Promise<AudioFrame[]> {
  const voice = new FliteTTS({ voice: 'awb' });
  const frames: AudioFrame[] = [];
  for await (const { frame } of voice.synthesize(text)) frames.push(frame);
  await voice.close();
  return frames;
}

it('[ST8] without its packages the recognizer throws an error with the install command', (context) => {
  if (isMoonshineInstalled()) context.skip('it is installed here');

  expect(() => new MoonshineSTT()).toThrow(MOONSHINE_INSTALL);
});

it('[ST8] with its packages the recognizer understands plain speech, and finds no words in a very short sound', async (context) => {
  if (!isMoonshineInstalled()) context.skip(`not installed: ${MOONSHINE_INSTALL}`);
  const recognizer = new MoonshineSTT();

  const story = await recognizer.recognize(await spoken('Tell me a long story.'));
  const short = await recognizer.recognize((await spoken('Yes.')).slice(0, 2));

  expect(story.type).toBe(stt.SpeechEventType.FINAL_TRANSCRIPT);
  expect(story.alternatives?.[0].text.toLowerCase()).toContain('long story');
  expect(short.alternatives?.[0].text).toBe('');
  await recognizer.close();
  await expect(recognizer.recognize(await spoken('More.'))).rejects.toThrow(/closed/);
});
