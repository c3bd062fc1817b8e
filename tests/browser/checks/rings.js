// Forced colours remove shadows, so the ring has to be an outline. Focus by script draws the ring once a
// key has been pressed.
() => seen("a[href], button, input, select, textarea, summary, video[controls], audio[controls]").filter((element) => {
  element.focus();
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return document.activeElement === element && (outlineStyle === "none" || parseFloat(outlineWidth) < 2);
}).map(named)
