/*
 * Targets that are too small (WCAG 2.2, 2.5.5): of `least` CSS pixels, but for links in running text and controls that the
 * browser draws. The label of a radio button or a check box belongs to its target.
 */
(least) => {
  const { CONTROLS, shown, told, unseen } = window.instruments;
  const NEAR = 0.5;

  function inline(element) {
    if (element.localName !== "a" || getComputedStyle(element).display !== "inline") return false;
    for (let block = element.parentElement; block; block = block.parentElement) {
      if (getComputedStyle(block).display === "inline") continue;
      const others = [...block.childNodes].filter((n) => !n.contains(element)).map((n) => n.textContent).join("");
      return others.trim() !== "";
    }
    return false;
  }
  /* A link whose ::after lies over the whole of what frames it is as large as that. */
  function spread(element) {
    const after = getComputedStyle(element, "::after");
    const over = after.content !== "none" && after.position === "absolute"
      && [after.top, after.right, after.bottom, after.left].every((side) => parseFloat(side) === 0);
    return over && getComputedStyle(element).position === "static" ? element.offsetParent ?? element : element;
  }
  function box(element) {
    const boxes = [spread(element), ...(["radio", "checkbox"].includes(element.type) ? element.labels : [])].map((e) => e.getBoundingClientRect());
    return {
      width: Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
      height: Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top)),
    };
  }
  return [...document.querySelectorAll(CONTROLS)]
    .filter((e) => shown(e) && !unseen(e) && !e.disabled && !e.matches(".skip, audio, video") && !inline(e))
    .map((e) => [e, box(e)])
    .filter(([, { width, height }]) => width < least - NEAR || height < least - NEAR)
    .map(([e, { width, height }]) => `target of ${Math.round(width)} × ${Math.round(height)}, not ${least}: ${told(e)}`);
}
