/*
 * Scanning a QR code with the camera: a credential's on the verify page, the card's where people sign in. What stands
 * beside it (a photo, a field to type in) does the same without script.
 * The browser's own reader is used where there is one; else a frame is sent to our server, which reads it and keeps
 * nothing. What was read goes into the form that [data-scan] names, which is then sent like any other.
 */
(() => {
  "use strict";
  const EVERY = 500;
  const SIDE = 1000;

  function scanner(box) {
    const video = box.querySelector("video");
    const start = box.querySelector("[data-scan-start]");
    const stop = box.querySelector("[data-scan-stop]");
    const state = box.querySelector(".scan-state");
    const form = document.getElementById(box.dataset.scan);
    const canvas = document.createElement("canvas");
    let stream = null;
    let detector = null;

    function say(sentence) { state.textContent = sentence; }

    function end(sentence) {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      stream = null;
      video.srcObject = null;
      video.hidden = true;
      stop.hidden = true;
      start.hidden = false;
      say(sentence);
    }

    async function ownReader() {
      if (!("BarcodeDetector" in window)) return null;
      try {
        const kinds = await BarcodeDetector.getSupportedFormats();
        return kinds.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
      } catch { return null; }
    }

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
      return answer.ok ? (await answer.json()).text : null;
    }

    async function look() {
      while (stream) {
        let text = null;
        try { text = await read(); } catch { detector = null; }
        if (text && stream) {
          end(box.dataset.found);
          form.querySelector("textarea, input[data-scanned]").value = text;
          form.requestSubmit();
          return;
        }
        await new Promise((done) => setTimeout(done, EVERY));
      }
    }

    start.addEventListener("click", async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      } catch { end(box.dataset.refused); return; }
      video.srcObject = stream;
      video.hidden = false;
      start.hidden = true;
      stop.hidden = false;
      stop.focus();
      say(box.dataset.looking);
      try { await video.play(); } catch { end(box.dataset.refused); return; }
      detector = await ownReader();
      look();
    });
    stop.addEventListener("click", () => { end(box.dataset.stopped); start.focus(); });
    addEventListener("pagehide", () => end(""));
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-scan]").forEach(scanner));
})();
