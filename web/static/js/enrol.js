/*
 * Recording one's own command: a press records, what was recorded can be heard and said again, and goes into the form's
 * file field, which is then sent like any other. Without this script a recording made elsewhere is chosen there.
 */
(() => {
  "use strict";
  const form = document.querySelector("form.voice-recording");
  if (!form || typeof EvergreenRecording === "undefined" || !EvergreenRecording.able || !window.DataTransfer) return;
  const words = form.dataset;
  const by = (name) => form.querySelector(`[data-do="${name}"]`);
  const file = form.querySelector('input[type="file"]'), level = form.querySelector(".voice-level"), state = form.querySelector(".voice-state");
  const record = by("record"), replay = by("replay"), keep = by("keep"), plain = form.querySelector(".voice-file");
  let recording = null, made = null;
  const say = (sentence) => { state.textContent = sentence; };

  plain.hidden = true;
  keep.hidden = true;
  form.querySelector(".voice-live").hidden = false;

  record.addEventListener("click", async () => {
    if (recording) { recording.stop(); return; }
    try {
      recording = await EvergreenRecording.record({ worklet: words.worklet, seconds: 4, level: (loud) => { level.value = loud; } });
    } catch {
      plain.hidden = false;
      keep.hidden = false;
      say(words.refused);
      return;
    }
    record.textContent = words.stop;
    say(words.listening);
    made = await recording.done;
    recording = null;
    level.value = 0;
    const files = new DataTransfer();
    files.items.add(new File([made.wav], "said.wav", { type: "audio/wav" }));
    file.files = files.files;
    record.textContent = words.again;
    replay.hidden = keep.hidden = false;
    say(words.made);
    keep.focus();
  });
  replay.addEventListener("click", async () => { if (made) { await EvergreenRecording.replay(made); } });
  addEventListener("pagehide", () => recording?.stop(false));
})();
