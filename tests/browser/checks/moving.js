// WCAG 2.2, 2.3.3 Animation from Interactions: a visitor who asked for less motion gets none.
() => {
  const longest = (list) => Math.max(...list.split(",").map((time) => parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1000)));
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const part of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const moves = longest(style.transitionDuration) > 10
        || (style.animationName !== "none" && longest(style.animationDuration) > 10)
        || style.scrollBehavior === "smooth";
      if (moves) found.push(named(element) + part);
    }
  }
  return found;
}
