/* What is wrong with how the focus shows on each control, as the keyboard's focus would show it. */
() => {
  const { stops, unringed } = window.instruments;
  const before = document.activeElement;
  const found = stops().flatMap((element) => {
    element.focus({ preventScroll: true, focusVisible: true });
    return document.activeElement === element ? unringed(element) : [];
  });
  before?.focus?.({ preventScroll: true });
  return found;
}
