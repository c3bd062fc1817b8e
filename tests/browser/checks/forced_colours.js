// CSS Color Adjustment, "Forced colors mode": buttons have an edge, boxes and text can be seen, the
// current page is marked by more than a colour.
() => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${named(element)}`);
  const style = (element) => getComputedStyle(element);
  const SIDES = ["Top", "Right", "Bottom", "Left"];
  const hasEdge = (element) => SIDES.every((side) =>
    style(element)[`border${side}Style`] !== "none" && parseFloat(style(element)[`border${side}Width`]) >= 1);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = style(one).backgroundColor;
      if (!/^rgba.*, 0\)$/.test(colour)) return colour;
    }
    return "none";
  };

  for (const element of seen("button, .c-button, input, textarea, select")) {
    const isUnderlined = style(element).textDecorationLine.includes("underline");
    const isDrawnByBrowser = style(element).appearance === "auto" && /radio|checkbox/.test(element.type);
    if (!hasEdge(element) && !isUnderlined && !isDrawnByBrowser) say("no edge", element);
  }
  for (const element of seen("body, body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText) continue;
    if (style(element).forcedColorAdjust !== "auto") say("keeps its own colours", element);
    if (style(element).color === ground(element)) say("cannot be seen", element);
  }
  const MARKS = ["textDecorationLine", "textDecorationThickness", "fontWeight", "borderBottomWidth", "outlineStyle"];
  const marks = (element) => MARKS.map((mark) => style(element)[mark]).join();
  for (const current of seen("[aria-current]")) {
    const others = [...current.closest("ul, ol, nav").querySelectorAll("a:not([aria-current])")];
    if (others.some((other) => marks(other) === marks(current))) say("current, by colour alone", current);
  }
  return found;
}
