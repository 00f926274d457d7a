/*
 * Speaking to the page. A press of the button, or holding space where nothing is typed, records five seconds at most; the
 * server says what was meant, and the page then presses the same control or follows the same link as a finger would.
 * Everything that is said back stands in the panel, is told to the live region, and is heard where the person wants that.
 * Without this script, or without a microphone, the button is a link to a page where commands are typed.
 */
(() => {
  "use strict";
  const box = document.getElementById("voice");
  if (!box || typeof EvergreenRecording === "undefined" || !EvergreenRecording.able) return;
  const words = box.dataset;
  const speak = box.querySelector(".voice-speak"), panel = box.querySelector(".voice-panel");
  const saidLine = box.querySelector(".voice-said"), level = box.querySelector(".voice-level"), choices = box.querySelector(".voice-choices");
  const first = box.classList.contains("voice-first");
  const pin = document.querySelector("form[data-pin=pad]");
  const KEPT = "evergreen-voice", SECONDS = 5, WAIT = 3000, HELD = 500, LISTED = 7;
  const store = { take() { try { const kept = sessionStorage.getItem(KEPT); sessionStorage.removeItem(KEPT); return JSON.parse(kept); } catch { return null; } },
    keep(what) { try { sessionStorage.setItem(KEPT, JSON.stringify(what)); } catch { /* then the next page says nothing */ } } };
  let begun = null, recording = null, starting = false, asked = null, undo = null, misses = 0, controls = [], field = null, sound = null, last = null;

  const begin = () => (begun ??= EvergreenBegin(words.begin).catch((error) => { begun = null; throw error; }));

  /* What is said back. */
  function tell(sentence, address) {
    last = [sentence, address];
    panel.hidden = false;
    saidLine.textContent = sentence;
    const region = document.getElementById("announcer");
    if (region && !address) { region.textContent = ""; setTimeout(() => { region.textContent = sentence; }, 50); }
    sound?.pause();
    sound = null;
    if (!address) return;
    sound = new Audio(address);
    sound.play().catch(() => { if (region) region.textContent = sentence; });
  }
  /* A sentence that the page put together itself; the server says where it is heard, if this person hears what is said. */
  async function say(sentence) {
    panel.hidden = false;
    saidLine.textContent = sentence;
    let heard = null;
    try {
      const { token } = await begin();
      const answer = await fetch(words.sound, { method: "POST", body: new URLSearchParams({ csrf_token: token, text: sentence }), credentials: "same-origin" });
      if (answer.ok) heard = (await answer.json()).sound;
    } catch { /* then it is shown, and told to the live region */ }
    if (saidLine.textContent === sentence) tell(sentence, heard);
  }
  /* Whoever speaks first speaks by the space key: it must not press what was only offered. */
  const attend = (choice) => (first ? speak : choice)?.focus();
  const state = (name) => { box.dataset.state = name; speak.querySelector("span").textContent = words[name === "listening" ? "stop" : name === "working" ? "working" : "speak"]; };
  function button(text, press, kind = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button voice-choice ${kind}`.trim();
    made.textContent = text;
    made.addEventListener("click", press);
    choices.append(made);
    return made;
  }
  function clear() { choices.replaceChildren(); asked = null; renumber(); }
  function renumber() { controls = EvergreenControls.number(asked ? choices : document, first || asked !== null || !panel.hidden); }
  function offerUndo(how) {
    undo = how;
    button(words.undo, carryBack, "second");
  }
  async function carryBack() {
    const how = undo;
    undo = null;
    clear();
    if (!how) {
      const control = EvergreenControls.find(["button[value=undo]"]);
      if (control) control.click(); else say(words.nothing_to_undo);
    } else if (how.back) { history.back(); } else if (how.send) { await send(how.send, words.undone); } else { how.run(); say(words.undone); }
  }

  /* The settings' own forms, sent as a press would send them; the page then looks as their answer does. */
  async function send(forms, sentence) {
    const { token } = await begin();
    let page = null;
    for (const { action, fields } of forms) {
      const answer = await fetch(action, { method: "POST", body: new URLSearchParams([...fields, ["csrf_token", token]]), credentials: "same-origin" });
      if (!answer.ok) { say(words.failed); return false; }
      page = await answer.text();
    }
    EvergreenDress.as(new DOMParser().parseFromString(page, "text/html"));
    if (sentence) say(sentence);
    return true;
  }
  /* Doing what was meant. */
  function leave(sentence, address, back) { store.keep({ say: sentence, sound: address, undo: back }); }
  function press(element, answer) {
    const link = element.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) leave(answer.say, answer.sound, { back: true });
    if (element.matches("audio")) { element.play(); return; }
    if (element.matches("select")) {
      list([...element.options].filter((one) => one.value && !one.disabled), (one) => one.text, (one) => {
        const before = element.selectedIndex;
        one.selected = true;
        element.dispatchEvent(new Event("change", { bubbles: true }));
        say(words.doing.replace("{what}", one.text));
        offerUndo({ run: () => { element.selectedIndex = before; element.dispatchEvent(new Event("change", { bubbles: true })); } });
      });
      return;
    }
    if (element.matches("input:not([type=radio], [type=checkbox], [type=submit]), textarea")) {
      if (first) { field = element; say(words.field.replace("{what}", EvergreenControls.nameOf(element))); } else element.focus();
      return;
    }
    if (element.matches("[type=radio], [type=checkbox]")) {
      const before = element.type === "radio" && element.name ? document.querySelector(`input[name="${CSS.escape(element.name)}"]:checked`) : null;
      const was = element.checked;
      element.click();
      offerUndo({ run: () => { element.checked = was; if (before) before.checked = true; element.dispatchEvent(new Event("change", { bubbles: true })); } });
      return;
    }
    if (element.matches("form [type=submit], form button:not([type])")) store.keep({});
    element.click();
  }
  /* What there is, so many at a time, each by its number; what follows is one of them. */
  function list(things, named, chosen, from = 0) {
    clear();
    asked = { list: true };
    const shown = things.slice(from, from + LISTED);
    shown.forEach((one) => button(named(one), () => { clear(); chosen(one); }));
    if (from + LISTED < things.length) button(words.more, () => list(things, named, chosen, from + LISTED), "second").dataset.voice = "next";
    if (from) button(words.before, () => list(things, named, chosen, from - LISTED), "second").dataset.voice = "previous";
    renumber();
    attend(choices.firstElementChild);
    const offered = [...choices.children].map((one, n) => words.offered.replace("{number}", n + 1).replace("{what}", one.textContent));
    say(words.listed.replace("{choices}", offered.join(words.between)));
  }
  function pressListed(element) {
    const what = EvergreenControls.nameOf(element), answer = { say: words.doing.replace("{what}", what), sound: null };
    if (EvergreenControls.changes(element)) {
      say(words.confirm.replace("{what}", what));
      ask(() => { clear(); press(element, answer); });
    } else {
      say(answer.say);
      press(element, answer);
    }
  }
  function fill({ value, append }) {
    if (pin) {
      pin.dispatchEvent(new CustomEvent("evergreen:pin", { detail: { act: value } }));
      offerUndo({ run: takeBack });
      return;
    }
    const target = field && EvergreenControls.inSight(field) ? field : numberField();
    if (!target) return;
    const before = target.value;
    target.value = append ? before + value : value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    offerUndo({ run: () => { target.value = before; target.dispatchEvent(new Event("input", { bubbles: true })); } });
  }
  const takeBack = () => pin.dispatchEvent(new CustomEvent("evergreen:pin", { detail: { act: "delete" } }));
  const DO = {
    go: ({ url, undo: back }, answer) => { leave(answer.say, answer.sound, back ? { send: back } : { back: true }); location.assign(url); },
    press: ({ selectors, otherwise }, answer) => {
      const found = EvergreenControls.find(selectors);
      if (found) press(found, answer); else if (otherwise === "back") history.back();
    },
    number: ({ number }, answer, numbered) => { if (numbered[number - 1]) press(numbered[number - 1], answer); },
    read: ({ what, noticed }) => {
      document.dispatchEvent(new CustomEvent("evergreen:read", { detail: { do: what } }));
      if (noticed) document.dispatchEvent(new CustomEvent("evergreen:noticed", { detail: { kind: noticed } }));
    },
    send: async ({ send: form, undo: back, read }) => {
      if (!(await send([form]))) return;
      if (read) document.dispatchEvent(new CustomEvent("evergreen:read", { detail: { do: read } }));
      offerUndo({ send: back });
    },
    fill,
    erase: () => {
      const target = field || numberField();
      if (pin) takeBack(); else if (target) target.value = target.value.slice(0, -1);
    },
    list: () => list(controls, EvergreenControls.nameOf, pressListed),
    undo: carryBack,
  };
  function perform(deed, answer) {
    const numbered = controls;
    clear();
    misses = 0;
    DO[deed.do.do](deed.do, answer, numbered);
  }
  function ask(yes) {
    asked = { yes };
    button(words.yes, yes);
    button(words.no, refuse, "second");
    attend(choices.firstElementChild);
    renumber();
  }
  function refuse() { clear(); misses += 1; say(words.refused); speak.focus(); }
  function offer(deeds, answer) {
    asked = { deeds };
    deeds.forEach((deed) => {
      const numbered = deed.do.do === "number" ? controls : null;
      button(deed.words, () => { if (numbered) { const kept = numbered; clear(); controls = kept; } perform(deed, { ...answer, say: deed.words, sound: null }); });
    });
    attend(choices.firstElementChild);
    renumber();
  }
  function answered(answer) {
    const pending = asked;
    const [deed] = answer.deeds || [];
    misses = answer.misses ?? misses;
    if (pending) {
      if (answer.step !== "act") { tell(answer.say, answer.sound); return; }
      switch (deed.do.do) {
        case "yes": if (pending.yes) pending.yes(); else tell(...last); return;
        case "no": refuse(); return;
        case "number": controls[deed.do.number - 1]?.click(); return;
        case "press": EvergreenControls.find(deed.do.selectors)?.click(); return;
        case "read": tell(...last); return;
      }
    }
    const kept = controls;
    clear();
    controls = kept;
    /* A list, and what is read aloud, speak for themselves. */
    if (deed?.do.do !== "list" || answer.step !== "act") tell(answer.say, answer.step === "act" && deed.do.do === "read" ? null : answer.sound);
    if (answer.step === "act") perform(deed, answer); else if (answer.step === "confirm") ask(() => { controls = kept; perform(deed, answer); });
    else if (deed) offer(answer.deeds, answer);
  }

  /* Listening. */
  const WRITTEN = "main :is(textarea, input:not([type]), input[type=text], input[type=search]):not([inputmode=numeric], [inputmode=decimal])";
  const numberField = () => [...document.querySelectorAll("main :is([inputmode=numeric], [inputmode=decimal], [type=number])")].find(
    (one) => one.type !== "password" && EvergreenControls.inSight(one)) || null;
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.("main :is([inputmode=numeric], [inputmode=decimal], [type=number], [type=password])")) field = target;
    else if (target.matches?.(WRITTEN)) field = target;
    else if (target.matches?.("main :is(input, select)")) field = null;
  });
  async function page() {
    const { presses } = await begin();
    renumber();
    const target = field && EvergreenControls.inSight(field) ? field : numberField();
    const able = Object.entries(presses).filter(([name, selectors]) => (asked ? EvergreenControls.find(selectors)?.closest("#voice") : name === "back" || EvergreenControls.find(selectors))).map(([name]) => name);
    const kind = pin || target?.type === "password" ? "secret" : !target ? "" : target.matches(WRITTEN) ? "words" : "number";
    return { controls: EvergreenControls.told(controls), able, asked: asked !== null, misses, field: asked ? "" : kind,
      filled: pin ? pin.querySelectorAll(".pin-dots span").length : 0, submit: controls.indexOf(EvergreenControls.find(presses.submit)) + 1 };
  }
  async function hear(what) {
    const { token } = await begin();
    const body = new FormData();
    body.append("csrf_token", token);
    body.append("from", location.pathname + location.search);
    body.append("page", JSON.stringify(await page()));
    if (typeof what === "string") body.append("text", what); else body.append("sound", what, "said.wav");
    const answer = await fetch(words.hear, { method: "POST", body, credentials: "same-origin" });
    if (answer.status === 429) return { step: "again", say: words.often };
    return answer.json();
  }
  async function listen() {
    if (recording) { recording.stop(); return; }
    if (starting) return;
    starting = true;
    sound?.pause();
    document.dispatchEvent(new CustomEvent("evergreen:read", { detail: { do: "pause" } }));
    try {
      const { recognisers } = await begin();
      const theirs = EvergreenBrowserVoice.hears(words.shared ? sessionStorage : localStorage, WAIT);
      if (!recognisers.length && !theirs) { answered(await hear("")); return; }
      recording = await EvergreenRecording.record({ worklet: words.worklet, seconds: SECONDS, level: (loud) => { level.value = loud; } });
      panel.hidden = false;
      saidLine.textContent = words.listening;
      state("listening");
      const made = await recording.done;
      recording = null;
      if (!made) return;
      state("working");
      let answer = recognisers.length ? await hear(made.wav) : null;
      if (theirs && (!answer || !["act", "confirm", "offer"].includes(answer.step))) {
        const text = await theirs.text();
        if (text || !answer) answer = await hear(text);
      }
      answered(answer);
    } catch (error) {
      if (["NotAllowedError", "NotFoundError", "NotReadableError", "SecurityError"].includes(error.name)) location.assign(words.unheard);
      else say(words.failed);
    } finally {
      recording = null;
      starting = false;
      level.value = 0;
      state("ready");
    }
  }
  speak.addEventListener("click", (event) => { event.preventDefault(); listen(); });
  speak.setAttribute("role", "button");
  speak.addEventListener("keydown", (event) => { if (event.key === " " && !event.repeat) { event.preventDefault(); listen(); } });

  /* Space, for whoever speaks first: held while speaking, or pressed once; only where it has nothing else to do. */
  let since = 0;
  const idle = () => {
    const here = document.activeElement;
    return !here || here === document.body || (here.tabIndex < 0 && !here.matches("input, textarea, select, [contenteditable]"));
  };
  if (first && (document.documentElement.dataset.scanning || "off") === "off") {
    addEventListener("keydown", (event) => {
      if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !idle()) return;
      event.preventDefault();
      if (!event.repeat) { since = performance.now(); listen(); }
    });
    addEventListener("keyup", (event) => {
      if (event.key === " " && since && performance.now() - since > HELD) recording?.stop();
      since = 0;
    });
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape" && (recording || asked)) { if (recording) recording.stop(false); else refuse(); } });
  addEventListener("pagehide", () => recording?.stop(false));
  document.addEventListener("htmx:after:swap", () => { if (first) renumber(); });

  /* After what was said led here: what it was, which page this is if that does not say so, and what the page tells first. */
  function arrive({ say: did = "", sound: address, undo: back }) {
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => EvergreenControls.inSight(one)).map((one) => one.innerText.replace(/\s+/g, " ").trim());
    const [heading = ""] = shown("main h1"), notes = shown("main :is(.error-summary li, .notice[role=status])");
    const here = heading && !did.includes(heading) ? words.arrived.replace("{page}", heading) : "";
    const sentence = [did, here, ...notes].filter(Boolean).join(" ");
    if (sentence === did && address) tell(did, address); else if (sentence) say(sentence);
    if (back) offerUndo(back);
  }
  const kept = store.take();
  if (kept) arrive(kept);
  if (first) { renumber(); begin().catch(() => { /* asked again at the first press */ }); }
})();
