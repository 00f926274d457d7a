/*
 * Captions of a recording, which browsers show for films only: the sentence that is heard stands below its player. Without
 * this script the words stand on the page in full.
 */
(() => {
  "use strict";
  document.querySelectorAll("audio[data-captions]").forEach((audio) => {
    const line = document.getElementById(audio.dataset.captions), track = audio.querySelector("track")?.track;
    if (!line || !track) return;
    track.mode = "hidden"; // its cues arrive, and this script shows them
    track.addEventListener("cuechange", () => {
      const text = [...track.activeCues].map((cue) => cue.text).join(" ");
      if (text) line.textContent = text; // between two sentences the last one stays
    });
    audio.addEventListener("play", () => { line.hidden = false; });
  });
})();
