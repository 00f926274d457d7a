/*
 * One recording from the microphone: asked for by a press, at most so many seconds, ended by a press or by silence after
 * words (or by a press alone), and given as samples and as a WAV. Between recordings the microphone is off. What tells
 * that it listens is a short tone, unless these are quiet hours. Used by voice.js and enrol.js.
 */
const EvergreenRecording = (() => {
  "use strict";
  const RATE = 16000, SILENCE = 0.9, LEAST_WORDS = 0.2, LEAST_LEVEL = 0.008;
  const quiet = () => document.documentElement.dataset.quietNow === "yes";
  let context = null;

  async function ready(worklet) {
    if (!context) {
      try { context = new AudioContext({ sampleRate: RATE }); } catch { context = new AudioContext(); }
      await context.audioWorklet.addModule(worklet);
    }
    if (context.state === "suspended") await context.resume();
    return context;
  }

  /* A tone of a tenth of a second: rising when it begins to listen, falling when it ends. */
  function tone(rising) {
    if (quiet() || !context) return Promise.resolve();
    const sound = context.createOscillator(), volume = context.createGain(), now = context.currentTime;
    sound.frequency.setValueAtTime(rising ? 660 : 880, now);
    sound.frequency.linearRampToValueAtTime(rising ? 880 : 660, now + 0.1);
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(0.2, now + 0.02);
    volume.gain.linearRampToValueAtTime(0, now + 0.12);
    sound.connect(volume).connect(context.destination);
    sound.start(now);
    sound.stop(now + 0.13);
    return new Promise((done) => { sound.onended = done; });
  }

  function wav(pieces, rate) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const view = new DataView(new ArrayBuffer(44 + 2 * length));
    const text = (at, letters) => [...letters].forEach((c, n) => view.setUint8(at + n, c.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + 2 * length, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    text(36, "data"); view.setUint32(40, 2 * length, true);
    let at = 44;
    for (const piece of pieces) {
      for (const value of piece) {
        view.setInt16(at, Math.max(-1, Math.min(1, value)) * 32767, true);
        at += 2;
      }
    }
    return new Blob([view.buffer], { type: "audio/wav" });
  }

  /* Whether somebody spoke and has ended: levels stand out from the quietest so far, then no longer do. */
  function ending(rate) {
    let floor = 1, words = 0, still = 0;
    return (level, length) => {
      const seconds = length / rate;
      floor = Math.min(floor, Math.max(level, 0.0005));
      if (level > Math.max(LEAST_LEVEL, 3 * floor)) { words += seconds; still = 0; } else if (words) { still += seconds; }
      return words >= LEAST_WORDS && still >= SILENCE;
    };
  }

  /* Raises what getUserMedia raises. Answers {stop, done}; done gives {wav, pieces, rate}, or null when it was dropped. */
  async function record({ worklet, seconds, level, until = "silence" }) {
    /* Words are compared as they sound: the recogniser reckons with the noise of the room, and a browser that takes it
       away bends the words. A message is made clear for whoever hears it. */
    const clear = until !== "silence";
    const audio = { channelCount: 1, noiseSuppression: clear, echoCancellation: clear, autoGainControl: clear };
    const stream = await navigator.mediaDevices.getUserMedia({ audio, video: false });
    const off = () => stream.getTracks().forEach((track) => track.stop());
    try { await ready(worklet); } catch (error) { off(); throw error; }
    await tone(true);
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, "evergreen-pieces", { numberOfOutputs: 0 });
    const pieces = [], rate = context.sampleRate, ended = ending(rate);
    let stop = null, length = 0;
    const done = new Promise((give) => {
      stop = async (keep = true) => {
        node.port.onmessage = null;
        source.disconnect();
        off();
        if (keep) await tone(false);
        give(keep ? { wav: wav(pieces, rate), pieces, rate } : null);
      };
    });
    node.port.onmessage = ({ data }) => {
      pieces.push(data);
      length += data.length;
      const loud = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      level?.(Math.min(1, loud * 6));
      const over = length + data.length > seconds * rate; // the next piece would be beyond it
      if (over || (ended(loud, data.length) && until === "silence")) stop();
    };
    source.connect(node);
    return { stop, done };
  }

  /* Plays what was recorded; nothing leaves the page. Answers {stop, done}. */
  function replay({ pieces, rate }) {
    const buffer = context.createBuffer(1, pieces.reduce((sum, piece) => sum + piece.length, 0), rate);
    let at = 0;
    for (const piece of pieces) { buffer.copyToChannel(piece, 0, at); at += piece.length; }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
    return { stop: () => source.stop(), done: new Promise((give) => { source.onended = give; }) };
  }

  return { record, replay, able: Boolean(navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode) };
})();
