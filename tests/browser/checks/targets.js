// WCAG 2.2, 2.5.8 Target Size: 24 by 24 pixels, or enough room around; links within a sentence are let off.
() => {
  const SIZE = 24;
  const targets = seen("a[href], button, input, select, textarea, summary").map((element) => {
    const box = element.getBoundingClientRect();
    return { element, box, x: box.left + box.width / 2, y: box.top + box.height / 2, small: box.width < SIZE - .5 || box.height < SIZE - .5 };
  });
  const isInSentence = (element) => {
    if (element.localName !== "a" || getComputedStyle(element).display !== "inline") return false;
    let around = element.parentElement;
    while (getComputedStyle(around).display === "inline") around = around.parentElement;
    const rest = around.cloneNode(true);
    rest.querySelectorAll("a, button").forEach((one) => one.remove());
    return /[\p{L}\p{N}]/u.test(rest.textContent);
  };
  const distance = (target, box) => Math.hypot(
    Math.max(box.left - target.x, 0, target.x - box.right),
    Math.max(box.top - target.y, 0, target.y - box.bottom),
  );
  const isCrowded = (target) => targets.some((other) => other !== target && !other.element.contains(target.element) && !target.element.contains(other.element) && (
    distance(target, other.box) < SIZE / 2 || (other.small && Math.hypot(target.x - other.x, target.y - other.y) < SIZE)
  ));
  return targets
    .filter((target) => target.small && !isInSentence(target.element) && isCrowded(target))
    .map(({ element, box }) => `${named(element)}: ${box.width.toFixed(1)} by ${box.height.toFixed(1)}`);
}
