class PlayerProcessor extends AudioWorkletProcessor {
  process(): boolean {
    return true;
  }
}

registerProcessor('oncue-player', PlayerProcessor);
