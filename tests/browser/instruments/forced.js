/* In forced colours: every control that has an edge keeps one, and nothing that carries meaning refuses the reader's colours. */
() => {
  const { shown, told, contrast, ground, lines } = window.instruments;
  const found = [];
  for (const e of document.querySelectorAll(".button, .input, .select, .textarea, .choices.boxed .choice, .card, .notice")) {
    const style = getComputedStyle(e);
    const edge = ["Top", "Right", "Bottom", "Left"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1
      && contrast(style[`border${side}Color`], ground(e.parentElement)) >= 3);
    if (shown(e) && !edge) found.push(`no edge in forced colours: ${told(e)}`);
  }
  const refuses = (e) => getComputedStyle(e).forcedColorAdjust === "none" && !e.closest("img, .qr, svg");
  const texts = lines().filter(({ element }) => refuses(element));
  found.push(...texts.map(({ element }) => `refuses the reader's colours: ${told(element)}`));
  for (const svg of document.querySelectorAll("svg.icon")) {
    if (shown(svg) && getComputedStyle(svg).forcedColorAdjust === "none") found.push(`an icon that may vanish: ${told(svg)}`);
  }
  return [...new Set(found)];
}
