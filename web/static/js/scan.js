/*
 * Scanning a QR code with the camera: a credential's on the verify page, the card's where people sign in. What stands
 * beside it (a photo, a field to type in) does the same without script, and stays there whatever the camera does.
 * The browser's own reader is used where there is one; else a frame is sent to our server, which reads it and keeps
 * nothing. What was read goes into the form that [data-scan] names, which is then sent like any other.
 */
(() => {
  "use strict";
  const EVERY = 600;  // milliseconds between two looks
  const SIDE = 1000;
  const HINT_AFTER = 8_000, OFF_AFTER = 120_000;  // a camera that nobody holds anything to does not stay on
  const MOST_FAILURES = 5;

  function scanner(box) {
    const video = box.querySelector("video");
    const start = box.querySelector("[data-scan-start]");
    const stop = box.querySelector("[data-scan-stop]");
    const state = box.querySelector(".scan-state");
    const form = document.getElementById(box.dataset.scan);
    const canvas = document.createElement("canvas");
    let stream = null;
    let detector = null;
    let asking = false;

    function say(sentence) { if (state.textContent !== sentence) state.textContent = sentence; }

    function end(sentence) {
      const held = document.activeElement === stop;
      if (stream) stream.getTracks().forEach((track) => track.stop());
      stream = null;
      video.srcObject = null;
      video.hidden = true;
      stop.hidden = true;
      start.hidden = false;
      if (held) start.focus();
      say(sentence);
    }

    async function ownReader() {
      if (!("BarcodeDetector" in window)) return null;
      try {
        const kinds = await BarcodeDetector.getSupportedFormats();
        return kinds.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
      } catch { return null; }
    }

    /* The text of the one code in the picture, or null. Throws when the picture could not be looked at. */
    async function read() {
      if (detector) {
        const found = await detector.detect(video);
        return found.length === 1 ? found[0].rawValue : null;
      }
      const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      if (!canvas.width) return null;
      canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
      const frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      const body = new FormData();
      body.append("frame", frame, "frame.jpg");
      const answer = await fetch(box.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": box.dataset.token } });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).text;
    }

    async function look() {
      const mine = stream, began = performance.now();
      let failures = 0;
      while (stream === mine) {
        let text = null;
        try {
          text = await read();
          failures = 0;
        } catch {
          if (detector) detector = null; else failures += 1;
        }
        if (stream !== mine) return;
        if (text) {
          end(box.dataset.found);
          form.querySelector("textarea, input[data-scanned]").value = text;
          form.requestSubmit();
          return;
        }
        const looked = performance.now() - began;
        if (failures === MOST_FAILURES) { end(box.dataset.lost); return; }
        if (looked > OFF_AFTER) { end(box.dataset.long); return; }
        if (looked > HINT_AFTER) say(box.dataset.hint);
        await new Promise((done) => setTimeout(done, EVERY * (1 + failures)));
      }
    }

    const why = (error) => (["NotAllowedError", "SecurityError"].includes(error.name) ? box.dataset.refused : box.dataset.absent);

    start.addEventListener("click", async () => {
      if (asking) return;
      asking = true;
      try {
        const picture = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
        stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false });
        video.srcObject = stream;
        video.hidden = false;
        await video.play();
      } catch (error) { end(why(error)); return; } finally { asking = false; }
      start.hidden = true;
      stop.hidden = false;
      stop.focus();
      say(box.dataset.looking);
      detector = await ownReader();
      look();
    });
    stop.addEventListener("click", () => end(box.dataset.stopped));
    addEventListener("pagehide", () => end(""));
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-scan]").forEach(scanner));
})();
