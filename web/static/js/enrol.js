/*
 * Recording into a form (one's own command; a message for a person): a press records, what was recorded can be heard,
 * said again or dropped, and goes into the form's file field, which is then sent like any other. Without this script a
 * recording made elsewhere is chosen there.
 */
(() => {
  "use strict";
  const form = document.querySelector("form.voice-recording");
  if (!form || typeof EvergreenRecording === "undefined" || !EvergreenRecording.able || !window.DataTransfer) return;
  const words = form.dataset;
  const by = (name) => form.querySelector(`[data-do="${name}"]`);
  const file = form.querySelector('input[type="file"]'), level = form.querySelector(".voice-level"), state = form.querySelector(".voice-state");
  const record = by("record"), replay = by("replay"), keep = by("keep"), drop = by("drop"), plain = form.querySelectorAll(".voice-file");
  const face = [...record.childNodes].map((node) => node.cloneNode(true)), until = words.until === "pressed" ? "pressed" : "silence";
  let recording = null, made = null, playing = null;
  const say = (sentence) => { state.textContent = sentence; };

  const files = (show) => plain.forEach((one) => { one.hidden = !show; });
  const ready = (is) => { for (const button of [replay, keep, drop]) { if (button) button.hidden = !is; } };

  files(false);
  ready(false);
  form.querySelector(".voice-live").hidden = false;

  record.addEventListener("click", async () => {
    if (recording) { recording.stop(); return; }
    playing?.stop();
    try {
      recording = await EvergreenRecording.record({ worklet: words.worklet, seconds: Number(words.seconds) || 4, until, level: (loud) => { level.value = loud; } });
    } catch {
      files(true);
      if (keep) keep.hidden = false;
      say(words.refused);
      return;
    }
    record.textContent = words.stop;
    say(words.listening);
    made = await recording.done;
    recording = null;
    level.value = 0;
    const chosen = new DataTransfer();
    chosen.items.add(new File([made.wav], "said.wav", { type: "audio/wav" }));
    file.files = chosen.files;
    record.textContent = words.again;
    ready(true);
    say(words.made);
    (keep || replay).focus();
  });
  replay.addEventListener("click", async () => {
    if (playing) { playing.stop(); return; }
    if (!made) return;
    playing = EvergreenRecording.replay(made);
    if (words.quiet) replay.textContent = words.quiet;
    await playing.done;
    playing = null;
    if (words.replay) replay.textContent = words.replay;
  });
  drop?.addEventListener("click", () => {
    playing?.stop();
    made = null;
    file.value = "";
    ready(false);
    record.replaceChildren(...face);
    say(words.dropped);
    record.focus();
  });
  form.addEventListener("submit", (event) => {
    if (!recording) return;
    event.preventDefault(); // what is being said is not lost: it ends, and can be heard before it is sent
    recording.stop();
  });
  addEventListener("pagehide", () => recording?.stop(false));
})();
