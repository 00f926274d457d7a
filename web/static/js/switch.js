/*
 * The bank by one switch or two. A frame goes over the controls, group by group and then one by one, in the order in
 * which they are read, beginning with the page's main part. One switch: the frame goes on by itself, a press chooses.
 * Two: one goes on, the other chooses. A switch is a key (Space, Enter, 1, 2, F7, F8) or the pad on the screen. Nothing
 * is trapped: Tab, pointer and typing work as ever, Escape ends it until the next page. Nothing is kept.
 */
(() => {
  "use strict";
  const given = document.getElementById("switch-script").dataset;
  const words = JSON.parse(given.words);
  const single = given.switches === "one-switch";
  const pace = Number(given.pace) * 1000;
  const ON = ["Space", "Digit1", "Numpad1", "F7"], CHOOSE = ["Enter", "NumpadEnter", "Digit2", "Numpad2", "F8"];
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls]";
  const GROUPS = "fieldset, [role=group], .actions, form, nav, section, article, aside, .site-tools, .ask-bar, header, footer, main";
  const MOST = 6, IDLE_ROUNDS = 3, TWICE = 150;
  let levels = [], timer = 0, paused = false, byHand = false, lastPress = 0, overlay = null, waiting = 0;
  const undos = [];

  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const tidy = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, 60);
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  }
  function say(text) {
    const region = document.getElementById("announcer");
    if (region) region.textContent = text;
  }
  function nameOf(el) {
    const by = el.getAttribute("aria-labelledby");
    const labelled = by && by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ");
    const label = el.labels?.length ? el.labels[0].textContent : "";
    return tidy(labelled || el.getAttribute("aria-label") || label || el.textContent || el.title || el.value);
  }

  /* The panel: what the frame is on, the tools, the pad. */
  const frame = make("div", "switch-frame");
  const panel = make("aside", "switch-panel no-print");
  panel.setAttribute("aria-label", words.panel);
  panel.dataset.read = "skip";
  const now = make("div", "switch-now");
  const writing = make("div", "switch-keys");
  const tools = make("div", "switch-tools");
  const pad = make("div", "switch-pad");
  const tool = (text, act) => {
    const button = make("button", "button plain", text);
    button.type = "button";
    button.addEventListener("click", act);
    tools.append(button);
    return button;
  };
  const undo = tool(words.undo, () => {
    const last = undos.pop();
    if (last) { last.act(); now.textContent = fill(words.undone, { what: last.what }); say(now.textContent); }
    undo.hidden = !undos.length;
  });
  undo.hidden = true;
  tool(words.previous, () => history.back());
  tool(words.further, () => scrollBy({ top: innerHeight * 0.6 }));
  tool(words.stop, stop);
  function padButton(text, act) {
    const button = make("button", "button", text);
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", act);
    pad.append(button);
  }
  if (!single) padButton(words.on, () => pressed(false));
  padButton(words.choose, () => pressed(true));
  panel.append(now, writing, tools, pad, make("p", "switch-help", single ? words.help_one : words.help_two));

  /* What can be reached, in groups. */
  function visible(el) {
    if (el.disabled || el.type === "file" || el.type === "color" || el.closest("[inert]")) return false;
    if (!el.checkVisibility({ visibilityProperty: true }) || el.matches(".skip")) return false;
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  }
  function labelOf(container, controls) {
    if (container.matches("fieldset")) return tidy(container.querySelector("legend")?.textContent);
    const named = container.getAttribute("aria-label") || container.getAttribute("aria-labelledby");
    return named ? nameOf(container) : nameOf(controls[0]);
  }
  const height = () => innerHeight - (getComputedStyle(panel).position === "sticky" ? panel.offsetHeight : 0);
  /* Whether a control stands near enough to others for one frame that can be seen whole. */
  function near(controls, el) {
    const tops = [...controls, el].map((each) => each.getBoundingClientRect());
    return Math.max(...tops.map((r) => r.bottom)) - Math.min(...tops.map((r) => r.top)) < Math.max(height() - 60, 160);
  }
  function rowsOf(root) {
    const rows = [];
    for (const el of root.querySelectorAll(CONTROLS)) {
      if ((root === document.body && panel.contains(el)) || !visible(el)) continue;
      const home = el.closest(GROUPS) || root;
      const last = rows.at(-1);
      if (last && last.home === home && last.controls.length < MOST && near(last.controls, el)) last.controls.push(el);
      else rows.push({ home, controls: [el] });
    }
    return rows;
  }
  /* Lone controls one after another make a group: else every card of a list were a stop. */
  function together(rows) {
    const found = [];
    for (const row of rows) {
      const last = found.at(-1);
      const lone = row.controls.length === 1, main = Boolean(row.home.closest("main"));
      const joins = lone && last?.lone && last.main === main && last.controls.length < MOST && near(last.controls, row.controls[0]);
      if (joins) last.controls.push(...row.controls);
      else found.push({ ...row, controls: [...row.controls], lone, main });
    }
    return found;
  }
  function groups() {
    if (overlay) return rowsOf(writing).map(asGroup);
    const rows = together(rowsOf(document.body));
    const first = Math.max(0, rows.findIndex((row) => row.main));
    return [...rows.slice(first), ...rows.slice(0, first), ...rowsOf(tools)].map(asGroup);
  }
  const asGroup = (row) => ({ controls: row.controls, label: labelOf(row.home, row.controls) });

  /* Walking. */
  const level = () => levels.at(-1);
  const stops = (at) => (at.group ? [...at.group.controls, null] : at.groups);
  function restart(held) {
    const all = groups();
    const at = held ? all.findIndex((group) => group.controls.includes(held)) : 0;
    levels = [{ groups: all, index: Math.max(0, at), rounds: 0 }];
    show();
  }
  function show() {
    clearTimeout(timer);
    if (paused || !levels.length) return;
    const at = level(), stop_ = stops(at)[at.index];
    const boxes = stop_ === null ? [pad] : stop_.controls || [stop_];
    if (stop_ !== null && !panel.contains(boxes[0])) bring(boxes);
    now.textContent = described(stop_);  // first: a longer line moves what is above the panel's foot
    place(boxes, Boolean(stop_?.controls && stop_.controls.length > 1));
    say(now.textContent);
    if (single) timer = setTimeout(on, at.index === 0 ? pace * 1.5 : pace);
  }
  /* Into the middle of what the panel leaves free, at once: nothing glides. */
  function bring(boxes) {
    const rects = boxes.map((el) => el.getBoundingClientRect());
    const middle = (Math.min(...rects.map((r) => r.top)) + Math.max(...rects.map((r) => r.bottom))) / 2;
    scrollBy({ top: middle - height() / 2, behavior: "instant" });
  }
  function described(stop_) {
    if (stop_ === null) return words.back;
    if (!stop_.controls) return nameOf(stop_) + (stop_.checked ? ` · ${words.chosen}` : "");
    if (stop_.controls.length === 1) return nameOf(stop_.controls[0]);
    return fill(words.group, { name: stop_.label, count: stop_.controls.length });
  }
  function place(boxes, many) {
    const all = boxes.map((el) => (el.matches("input[type=radio], input[type=checkbox]") && el.labels[0] ? [el, el.labels[0]] : [el])).flat();
    const rects = all.map((el) => el.getBoundingClientRect());
    const room = many ? 14 : 10;  // as wide as the frame is, so that it lies on no letter
    const left = Math.min(...rects.map((r) => r.left)) - room, top = Math.min(...rects.map((r) => r.top)) - room;
    frame.hidden = false;
    frame.classList.toggle("many", many);
    frame.style.left = `${left}px`;
    frame.style.top = `${top}px`;
    frame.style.width = `${Math.max(...rects.map((r) => r.right)) + room - left}px`;
    frame.style.height = `${Math.max(...rects.map((r) => r.bottom)) + room - top}px`;
  }
  function again() {
    if (paused || !levels.length) return;
    const at = level(), stop_ = stops(at)[at.index];
    if (stop_) place(stop_.controls || [stop_], Boolean(stop_.controls && stop_.controls.length > 1));
  }
  function on() {
    const at = level();
    at.index += 1;
    if (at.index >= stops(at).length) {
      at.index = 0;
      at.rounds += 1;
      if (at.group && at.rounds >= 2) return back();
      if (single && at.rounds >= IDLE_ROUNDS) return rest();
    }
    show();
  }
  function back() {
    levels.pop();
    if (!levels.length) return restart();
    level().rounds = 0;
    show();
  }
  function rest() {
    paused = true;
    clearTimeout(timer);
    frame.hidden = true;
    now.textContent = words.rest;
    say(words.rest);
  }
  function pressed(chooses) {
    const at = performance.now();
    if (at - lastPress < TWICE) return;
    lastPress = at;
    if (paused) { paused = false; restart(); return; }
    if (!chooses) return on();
    for (const each of levels) each.rounds = 0;
    choose();
  }
  function choose() {
    const at = level(), stop_ = stops(at)[at.index];
    if (stop_ === null) return back();
    if (!stop_.controls) return act(stop_);
    if (stop_.controls.length === 1) return act(stop_.controls[0]);
    levels.push({ group: stop_, index: 0, rounds: 0 });
    show();
  }

  /* Doing. */
  function act(el) {
    if (el.matches("select, textarea") || el.matches("input:not([type=radio], [type=checkbox], [type=submit], [type=button], [type=range])")) return write(el);
    if (el.matches("audio")) { if (el.paused) el.play(); else el.pause(); return show(); }
    if (el.type === "radio") return pick(el);
    if (el.type === "checkbox") undoable(nameOf(el), () => { el.click(); });
    el.focus({ preventScroll: true });
    el.click();
    if (!levels.length) return;
    if (el.closest(".pin-row, .switch-row")) restart(firstRow(el));
    else if (tools.contains(el)) restart();
    else show();
  }
  const firstRow = (el) => el.closest(".pin, .switch-keys")?.querySelector(CONTROLS);
  function undoable(what, back_) {
    undos.push({ what, act: back_ });
    undo.hidden = false;
  }
  function pick(el) {
    const before = document.querySelector(`input[type=radio][name="${CSS.escape(el.name)}"]:checked`);
    el.click();
    if (before !== el) undoable(nameOf(el), () => { if (before) before.click(); else el.checked = false; });
    if (levels.length > 1) levels.pop();
    on();
  }
  function write(field) {
    const before = field.value;
    overlay = field;
    writing.replaceChildren(make("p", "switch-field", nameOf(field)), ...window.evergreenKeys(field, words, () => {
      overlay = null;
      writing.replaceChildren();
      if (field.value !== before) undoable(nameOf(field), () => { field.value = before; field.dispatchEvent(new Event("input", { bubbles: true })); });
      restart(field);
    }));
    restart();
  }

  /* The switches. */
  function isWriting(target) {
    return byHand && target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select");
  }
  function keyed(event) {
    if (event.key === "Escape") { stop(); return; }
    if (event.key === "Tab") { byHand = true; return; }
    if (event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) return;
    const goes = ON.includes(event.code), chooses = CHOOSE.includes(event.code);
    if (!goes && !chooses) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "keydown" && !event.repeat) pressed(single || chooses);
  }
  const touched = (event) => { if (!panel.contains(event.target)) byHand = true; };
  const watch = new MutationObserver((changes) => {
    if (changes.every((change) => panel.contains(change.target) || frame.contains(change.target) || change.target.id === "announcer" || change.target.role === "status")) return;
    clearTimeout(waiting);
    waiting = setTimeout(renew, 80);
  });
  /* The page changed under the frame: go on where it was, if that is still there. */
  function renew() {
    if (paused || overlay) return;
    const at = level(), stop_ = at && stops(at)[at.index];
    const el = stop_?.controls ? stop_.controls[0] : stop_;
    if (at?.group && at.group.controls.every((control) => control.isConnected && visible(control))) return again();
    if (el?.isConnected && visible(el)) return restart(el);
    restart();
  }
  /* A link led to another place of the page, and may have opened it, as the menu on phones: go on there. */
  function moved() {
    const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (paused || overlay || !place) return;
    restart(place.matches(CONTROLS) ? place : [...place.querySelectorAll(CONTROLS)].find(visible));
  }
  function stop() {
    clearTimeout(timer);
    clearTimeout(waiting);
    levels = [];
    watch.disconnect();
    for (const type of ["keydown", "keyup"]) removeEventListener(type, keyed, true);
    removeEventListener("hashchange", moved);
    frame.remove();
    panel.remove();
    say(words.stopped);
  }
  function start() {
    document.body.append(panel, frame);
    for (const type of ["keydown", "keyup"]) addEventListener(type, keyed, true);
    addEventListener("pointerdown", touched, true);
    addEventListener("scroll", again, { passive: true });
    addEventListener("resize", again);
    addEventListener("hashchange", moved);
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "open"] });
    restart();
  }
  if (document.readyState === "complete") start(); else addEventListener("load", start);
})();
