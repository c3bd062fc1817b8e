// WCAG 2.2, 1.4.4 and 1.4.12: no text is cut off by its own box. What one types into scrolls by itself.
() => seen("body *:not(input, textarea, select, video, audio)").filter((element) => {
  const style = getComputedStyle(element);
  const cuts = (overflow) => /hidden|clip/.test(overflow);
  return (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map((element) => `cut off: ${named(element)}`)
