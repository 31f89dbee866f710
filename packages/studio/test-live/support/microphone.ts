import { FliteTTS } from '@oncue/embedded';
import WebSocket from 'ws';

/** 20 ms of the page's microphone. */
const MESSAGE_BYTES = 640;

/** Says a text into a studio's microphone, all at once, and stays silent. @returns What closes the microphone. */
export async function speakInto(studioUrl: string, text: string): Promise<() => void> {
  const messages = await microphoneMessages(text);
  const mic = new WebSocket(`${studioUrl.replace('http', 'ws')}mic`);
  await new Promise((resolve) => mic.once('open', resolve));
  for (const message of messages) mic.send(message);
  return () => mic.close();
}

async function microphoneMessages(text: string): Promise<Uint8Array[]> {
  const voice = new FliteTTS({ voice: 'rms' });
  const messages: Uint8Array[] = [];
  for await (const { frame } of voice.synthesize(text)) {
    const bytes = new Uint8Array(frame.data.buffer, frame.data.byteOffset, frame.data.byteLength);
    for (let at = 0; at + MESSAGE_BYTES <= bytes.length; at += MESSAGE_BYTES)
      messages.push(bytes.slice(at, at + MESSAGE_BYTES));
  }
  await voice.close();
  return messages;
}
