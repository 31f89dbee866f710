import { AsyncResource } from 'node:async_hooks';
import { ReadableStream } from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { log, type voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { ResponseId } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import { timedWords } from '../livekit_units.ts';
import { declareStream } from './declare_stream.ts';
import { DeclaringTurn } from './declaring_turn.ts';
import { llmNodeOf } from './llm_node.ts';
import { currentSpeech, type Part, partStorage, type Speech, turnStorage } from './speech.ts';
import { streamFrom } from './stream_from.ts';

/**
 * The four nodes of an agent through which text and audio of a response pass. They are wrapped on the agent itself, not
 * in a base class, so that every way to write an agent works: a subclass, an overridden node, `Agent.create`.
 *
 * Each wrapper looks up the speech it runs in; outside a speech of an attached session it does nothing.
 */

/** The key of `AudioFrame.userdata` that carries the response a frame belongs to. */
export const USERDATA_RESPONSE = 'oncue.response_id';

/**
 * How many frames go on before the event loop gets a turn.
 *
 * A synthesis may give seconds of audio at once. The pipeline takes about 0.5 ms a frame for them, all in microtasks,
 * ahead of every timer and message: the listener's word of the first sample then came 25 to 75 ms late (two busy
 * cores, sentences of 2 s). With five at a time, 100 ms of audio, it comes within 5 ms.
 */
const FRAMES_AT_ONCE = 5;

type Agent = voice.Agent;
type AudioStream = ReadableStream<AudioFrame> | null;
type CaptionChunk = string | voice.TimedString;

const hooked = new WeakSet<Agent>();

/** Wraps the nodes of an agent. A second call for the same agent does nothing. */
export function hookAgent(agent: Agent): void {
  if (hooked.has(agent)) return;
  hooked.add(agent);
  const { ttsNode, transcriptionNode, realtimeAudioOutputNode } = agent;
  const llmNode = llmNodeOf(agent);

  agent.llmNode = async (...args) => {
    const speech = currentSpeech();
    if (!speech) return llmNode(...args);
    const turn = speech.openTurn();
    const declaring = new DeclaringTurn(turn);
    try {
      const node = await isolated(() => turnStorage.run(declaring, () => llmNode(...args)));
      if (node) return declareStream(node, speech, declaring);
    } catch (error) {
      speech.timeline.responseFailed(turn.addText('').id, messageOf(error));
      turn.close();
      throw error;
    }
    turn.close();
    return null;
  };

  agent.ttsNode = async (text, settings) => {
    const speech = currentSpeech();
    if (!speech) return ttsNode.call(agent, text, settings);
    const part = speech.takeForAudio();
    return audioOf(part, speech, () => ttsNode.call(agent, text, settings));
  };

  agent.realtimeAudioOutputNode = async (audio, settings) => {
    const speech = currentSpeech();
    if (!speech) return realtimeAudioOutputNode.call(agent, audio, settings);
    const part = speech.takeForAudio();
    return audioOf(part, speech, () => realtimeAudioOutputNode.call(agent, audio, settings));
  };

  agent.transcriptionNode = async (text, settings) => {
    const speech = currentSpeech();
    if (!speech) return transcriptionNode.call(agent, text, settings);
    const { part, isImplicit } = speech.takeForCaption();
    part.turn.goLive();
    const captions = await isolated(() => transcriptionNode.call(agent, text, settings));
    return captions ? captionsOf(captions, part, isImplicit) : null;
  };
}

/** Runs a node so that a speech which it starts itself, with `say` for one, does not take over the pipeline's flow. */
function isolated<T>(node: () => T): T {
  return new AsyncResource('oncue.node').runInAsyncScope(node);
}

/**
 * The audio of one response, each frame tagged with it. A synthesis that breaks off fails this response only: the error
 * stops here, since the pipeline would drop every later response of the turn with it [RS7].
 */
async function audioOf(
  part: Part,
  speech: Speech,
  synthesize: () => Promise<AudioStream>,
): Promise<AudioStream> {
  const { id } = part.response;
  let audio: AudioStream;
  try {
    audio = await isolated(() => partStorage.run(part, synthesize));
  } catch (error) {
    fail(part, speech, error);
    // Not `null`: the pipeline would close twice what it makes of it, and give up on the turn (`performTTSInference`).
    audio = ReadableStream.from<AudioFrame>([]);
  }
  if (audio) return streamFrom(taggedFrames(audio, part, speech));
  speech.timeline.audioEnded(id);
  return null;
}

async function* taggedFrames(
  audio: ReadableStream<AudioFrame>,
  part: Part,
  speech: Speech,
): AsyncGenerator<AudioFrame> {
  const { id } = part.response;
  let frameCount = 0;
  speech.synthesizing.add(id);
  try {
    for await (const frame of audio) {
      if (frameCount === 0) speech.audioMade(id);
      frameCount += 1;
      speech.timeline.wordsTimed(id, timedWords(frame, speech.sampleRateHz));
      yield tagged(frame, id);
      if (frameCount % FRAMES_AT_ONCE === 0) await eventLoopTurn();
    }
  } catch (error) {
    fail(part, speech, error);
  } finally {
    speech.synthesizing.delete(id);
    // With frames on their way the output says when the last one has gone.
    if (frameCount === 0) speech.timeline.audioEnded(id);
  }
}

function fail({ response }: Part, { timeline, handle }: Speech, error: unknown): void {
  timeline.responseFailed(response.id, messageOf(error));
  log().error(
    { error, speech_id: handle.id, response_id: response.id },
    'the audio of a response broke off',
  );
}

/** A frame of its own around the same samples: a synthesis may hand out one cached frame for two responses. */
function tagged(frame: AudioFrame, id: ResponseId): AudioFrame {
  return new AudioFrame(frame.data, frame.sampleRate, frame.channels, frame.samplesPerChannel, {
    ...frame.userdata,
    [USERDATA_RESPONSE]: id,
  });
}

function captionsOf(
  captions: ReadableStream<CaptionChunk>,
  part: Part,
  isImplicit: boolean,
): ReadableStream<CaptionChunk> {
  return streamFrom(observedCaptions(captions, part, isImplicit));
}

async function* observedCaptions(
  captions: ReadableStream<CaptionChunk>,
  part: Part,
  isImplicit: boolean,
): AsyncGenerator<CaptionChunk> {
  try {
    for await (const chunk of captions) {
      const text = typeof chunk === 'string' ? chunk : chunk.text;
      part.caption += text;
      if (isImplicit) part.turn.addText(text);
      yield chunk;
    }
  } finally {
    if (isImplicit) part.turn.close();
  }
}
