/* What moves although the reader asked for no motion. */
() => {
  const { told } = window.instruments;
  const found = document.getAnimations().map((a) => `runs: ${told(a.effect.target)}`);
  const long = (value) => value.split(",").some((part) => parseFloat(part) > 0);
  for (const e of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(e, part);
      if (long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration))) {
        found.push(`would move${part ?? ""}: ${told(e)}`);
      }
    }
  }
  return found;
}
