/* Hands the samples of the microphone to the page in pieces of 64 milliseconds at 16 kHz; keeps nothing. */
class Pieces extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(1024);
    this.filled = 0;
  }
  process(inputs) {
    const samples = inputs[0]?.[0];
    for (let n = 0; samples && n < samples.length; n += 1) {
      this.piece[this.filled] = samples[n];
      this.filled += 1;
      if (this.filled === this.piece.length) {
        this.port.postMessage(this.piece.slice());
        this.filled = 0;
      }
    }
    return true;
  }
}
registerProcessor("evergreen-pieces", Pieces);
