/*
 * Two lines that follow the pointer, for whoever loses it on the screen. Loaded only where the person asked for them.
 * They take no press and no focus, and readers of speech do not meet them.
 */
(() => {
  "use strict";
  const line = (name) => {
    const element = document.createElement("div");
    element.className = `crosshair ${name}`;
    element.setAttribute("aria-hidden", "true");
    element.hidden = true;
    document.body.append(element);
    return element;
  };
  const across = line("across");
  const down = line("down");
  const show = (shown) => { across.hidden = down.hidden = !shown; };

  document.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    show(true);
    across.style.translate = `0 ${event.clientY - 1}px`;
    down.style.translate = `${event.clientX - 1}px 0`;
  });
  document.documentElement.addEventListener("pointerleave", () => show(false));
})();
