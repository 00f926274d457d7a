/*
 * Answers survive a dropped network. An answer that cannot be sent is kept on this device, with the time that it took,
 * and sent once when the network is back; its sheet carries the key by which the server knows it again. On a shared
 * device it is kept only as long as this tab is open. Without this script the form is sent as any form is.
 */
(() => {
  "use strict";
  const NAME = "evergreen-answers";
  const form = document.querySelector("form[data-queue]");
  const shared = form?.hasAttribute("data-queue-shared");
  const kept = shared || (!form && !localStorage.getItem(NAME)) ? sessionStorage : localStorage;
  const announcer = () => document.getElementById("announcer");

  function read() {
    try { return JSON.parse(kept.getItem(NAME) || "[]"); } catch { return []; }
  }
  function write(rows) {
    try {
      if (rows.length) kept.setItem(NAME, JSON.stringify(rows)); else kept.removeItem(NAME);
      return true;
    } catch { return false; }
  }
  function say(sentence) {
    const region = announcer();
    if (!region || !sentence) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = sentence; }, 50);
  }
  function show(sentence, link) {
    let note = document.getElementById("queue-note");
    if (!note) {
      note = document.createElement("div");
      note.id = "queue-note";
      note.className = "notice queue-note";
      form.after(note);
    }
    note.replaceChildren(Object.assign(document.createElement("p"), { textContent: sentence }));
    if (link) note.append(link);
    say(sentence);
  }

  /*
   * done: it was stored, or is refused for good; waits: someone else is signed in here, or nobody, so that it is sent
   * when its own learner is back (not on a shared device, where it goes); neither: nothing can be sent at the moment.
   */
  async function send(row) {
    const body = new URLSearchParams(row.body);
    const token = document.querySelector('input[name="csrf_token"]');
    if (token) body.set("csrf_token", token.value);
    const answer = await fetch(row.action, {
      method: "POST", body, headers: { "X-Evergreen-Queue": "1" }, credentials: "same-origin", redirect: "manual",
    });
    if (answer.ok) return { done: true, next: (await answer.json()).next, stored: true };
    const other = answer.status === 401 || (answer.status === 409 && kept === localStorage);
    const later = [0, 400, 429].includes(answer.status) || answer.status >= 500;
    return { done: !other && !later, waits: other, stored: false };
  }

  /* When the network comes back while something is being sent, all is sent once more: it may have failed for want of one. */
  let sending = false, again = false;
  async function flush() {
    if (sending) { again = true; return null; }
    sending = true;
    let next = null, stored = 0;
    do {
      again = false;
      try {
        for (const { action, body } of read()) {
          const result = await send({ action, body });
          if (result.waits) continue;
          if (!result.done) break;
          if (result.stored) { stored += 1; next = result.next; }
          write(read().filter((row) => row.body !== body));
        }
      } catch { /* still no network */ }
    } while (again);
    sending = false;
    return stored ? { stored, next } : null;
  }

  async function back() {
    const found = await flush();
    if (!found) return;
    if (form) show(form.dataset.sent, following(found.next));
  }
  function following(address) {
    if (!address) return null;
    const link = document.createElement("a");
    link.className = "button";
    link.href = address;
    link.textContent = form.dataset.next;
    return link;
  }

  function row(submitter) {
    const body = new URLSearchParams(new FormData(form, submitter));
    body.delete("csrf_token");
    body.set("elapsed", (Date.now() / 1000 - Number(form.dataset.presented)).toFixed(1));
    return { action: form.action, body: body.toString() };
  }
  function keep(answer) {
    const mine = new URLSearchParams(answer.body).get("sheet");
    const others = read().filter((other) => new URLSearchParams(other.body).get("sheet") !== mine);
    return write([...others, answer]);
  }

  let plainly = false;
  form?.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (plainly || !["answer", "unknown"].includes(submitter?.value || "answer")) return;
    event.preventDefault();
    const answer = row(submitter);
    let result = null;
    try { if (navigator.onLine !== false) result = await send(answer); } catch { /* no network */ }
    if (result?.next) { location.assign(result.next); return; }
    if (!result && keep(answer)) { show(form.dataset.queued); return; }
    // Something is missing, or the sheet was refused: the page itself says what.
    plainly = true;
    form.requestSubmit(submitter);
  });

  addEventListener("online", back);
  if (read().length) back();
})();
