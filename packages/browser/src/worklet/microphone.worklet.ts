class MicrophoneProcessor extends AudioWorkletProcessor {
  process(): boolean {
    return true;
  }
}

registerProcessor('oncue-microphone', MicrophoneProcessor);
