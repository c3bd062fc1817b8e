// WCAG 2.2, 1.4.10 Reflow: nothing lies beside the page.
() => {
  const width = document.documentElement.clientWidth;
  const found = seen("body *").filter((element) => {
    const box = element.getBoundingClientRect();
    return (box.right > width + 1 || box.left < -1) && !isFramed(element);
  }).map((element) => `outside: ${named(element)}`);
  const needed = document.documentElement.scrollWidth;
  if (needed > width) found.unshift(`the page needs ${needed} of ${width} pixels`);
  return found;
}
