import { OncueError } from '../errors.ts';
import type { ResponseId } from '../units.ts';
import { WIRE_VERSION } from './messages.ts';

/**
 * Samples of one response on a byte channel, 16 bit mono, little-endian:
 *
 * | bytes | content |
 * | --- | --- |
 * | 0 | version |
 * | 1 | length of the response id |
 * | 2–3 | zero |
 * | 4–7 | sequence number in the connection, from 0, increases by one per frame |
 * | 8–11 | position of the first sample in its response |
 * | 12– | the id, ASCII, padded with zeros to a multiple of 4 |
 * | … | samples |
 */
export interface AudioFrame {
  readonly seq: number;
  readonly responseId: ResponseId;
  readonly firstSample: number;
  readonly samples: Int16Array;
}

/** A longer frame is refused. This is two seconds at 48 kHz, many times the length of a normal frame. */
export const MAX_AUDIO_FRAME_BYTES = 200_000;

const FIXED_BYTES = 12;
const MAX_ID_BYTES = 200;
const WIRE_ID = /^[\x20-\x7e]{1,200}$/;

/**
 * The bytes of a frame.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` for an id that is empty, is not ASCII or has more than 200 characters.
 */
export function encodeAudioFrame(frame: AudioFrame): Uint8Array {
  const { responseId, samples } = frame;
  if (!WIRE_ID.test(responseId)) {
    throw new OncueError(
      'ONCUE_BAD_FORMAT',
      `"${responseId}" cannot be a response id on the wire; use 1 to 200 printable ASCII characters`,
    );
  }
  const headerBytes = FIXED_BYTES + padded(responseId.length);
  const bytes = new Uint8Array(headerBytes + samples.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, WIRE_VERSION);
  view.setUint8(1, responseId.length);
  view.setUint32(4, frame.seq, true);
  view.setUint32(8, frame.firstSample, true);
  for (let index = 0; index < responseId.length; index += 1)
    bytes[FIXED_BYTES + index] = responseId.charCodeAt(index);
  for (let index = 0; index < samples.length; index += 1) {
    view.setInt16(headerBytes + index * 2, samples[index] ?? 0, true);
  }
  return bytes;
}

/** Parses a frame; `undefined` if the bytes are not one. Never throws. */
export function parseAudioFrame(bytes: Uint8Array): AudioFrame | undefined {
  if (bytes.length < FIXED_BYTES || bytes.length > MAX_AUDIO_FRAME_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const idBytes = view.getUint8(1);
  const headerBytes = FIXED_BYTES + padded(idBytes);
  const audioBytes = bytes.length - headerBytes;
  if (view.getUint8(0) !== WIRE_VERSION || idBytes === 0 || idBytes > MAX_ID_BYTES)
    return undefined;
  if (audioBytes < 0 || audioBytes % 2 !== 0) return undefined;
  let responseId = '';
  for (let index = 0; index < idBytes; index += 1)
    responseId += String.fromCharCode(bytes[FIXED_BYTES + index] ?? 0);
  const samples = new Int16Array(audioBytes / 2);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = view.getInt16(headerBytes + index * 2, true);
  return {
    seq: view.getUint32(4, true),
    responseId: responseId as ResponseId,
    firstSample: view.getUint32(8, true),
    samples,
  };
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
