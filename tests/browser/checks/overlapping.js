// WCAG 2.2, 1.4.12: no line of text lies on a line of another block. Lines are taken at half of their
// height, since the boxes of tightly set lines touch where their letters do not.
() => {
  scrollTo(0, 0); // what stays in the window lies on what has been scrolled under it, and is meant to
  const block = (element) => {
    while (getComputedStyle(element).display.startsWith("inline")) element = element.parentElement;
    return element;
  };
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || !isSeen(text.parentElement)) continue;
    const owner = block(text.parentElement);
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue;
      lines.push({ owner, left: box.left + 1, right: box.right - 1, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 });
    }
  }
  lines.sort((one, other) => one.top - other.top);
  const found = new Set();
  lines.forEach((line, index) => {
    for (const other of lines.slice(index + 1)) {
      if (other.top >= line.bottom) break;
      if (other.owner === line.owner || other.left >= line.right || other.right <= line.left) continue;
      found.add(`${named(line.owner)} lies on ${named(other.owner)}`);
    }
  });
  return [...found];
}
