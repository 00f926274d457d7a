/*
 * Text that is cut off or lies on other text (WCAG 2.2, 1.4.4, 1.4.10, 1.4.12), the page that scrolls sideways, and parts
 * that do so without saying so (`.scroll`, which takes the focus and has a name).
 */
() => {
  const { shown, told, unseen, lines } = window.instruments;
  const NEAR = 2;
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1);
    found.push(...wide.slice(0, 3).map((e) => `the page scrolls sideways because of ${told(e)}`));
  }
  for (const e of document.querySelectorAll("body *")) {
    if (e.scrollWidth <= e.clientWidth + NEAR || e.matches(".scroll, textarea, input, select") || !shown(e) || unseen(e)) continue;
    if (["auto", "scroll"].includes(getComputedStyle(e).overflowX)) found.push(`scrolls sideways without being .scroll: ${told(e)}`);
  }
  const cut = (element, box) => {
    for (let e = element; e && e !== document.documentElement; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.position === "fixed") return null;
      const frame = e.getBoundingClientRect();
      const hides = (way) => ["hidden", "clip"].includes(way);
      if (hides(style.overflowX) && (box.left < frame.left - NEAR || box.right > frame.right + NEAR)) return e;
      if (hides(style.overflowY) && (box.top < frame.top - NEAR || box.bottom > frame.bottom + NEAR)) return e;
      if (["auto", "scroll"].includes(style.overflowX)) return null;
    }
    return box.right > width + NEAR || box.left < -NEAR ? document.documentElement : null;
  };
  const seen = lines();
  for (const { element, box } of seen) {
    const frame = cut(element, box);
    if (frame) found.push(`cut off by ${told(frame).slice(0, 60)}: ${told(element)}`);
  }
  // Lines of different texts that lie on one another. A line's box is taller than its ink: a third may overlap. Pinyin
  // over a character hangs over the space beside it.
  const apart = seen.filter(({ element }) => !element.closest("ruby"));
  apart.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < apart.length; i++) {
    for (let j = i + 1; j < apart.length && apart[j].box.top < apart[i].box.bottom; j++) {
      const [a, b] = [apart[i].box, apart[j].box];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (apart[i].node !== apart[j].node && across > NEAR && down > Math.min(a.height, b.height) / 3) {
        found.push(`${told(apart[i].element)} lies on ${told(apart[j].element)}`);
      }
    }
  }
  return [...new Set(found)];
}
