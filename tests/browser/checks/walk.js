// WCAG 2.2, 2.4.3 Focus Order, 2.4.7 Focus Visible, 2.4.11 Focus Not Obscured: prepares a walk with Tab.
// The walk begins and ends at elements of its own: where a browser goes on from an element that has gone,
// or from the page's end, is its own business, and it may change its mind.
// Each press of Tab first writes down where the one before it had led, and what was wrong there.
(key) => {
  const FOCUSABLE = "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary, video[controls], audio[controls], iframe, [tabindex]";
  const ring = (element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle === "none" ? "none" : `${style.outlineWidth} ${style.outlineStyle} ${style.outlineColor}`;
    return `${outline} ${style.boxShadow}`;
  };
  // Of radio buttons with one name, Tab reaches one.
  const keyed = (element) => element.type === "radio" ? `radio buttons ${element.name}` : named(element);
  const stops = [...document.querySelectorAll(FOCUSABLE)].filter((element) =>
    element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) &&
    element.tagName !== "IFRAME"); // what is inside of it takes the keys
  const before = new Map(stops.map((element) => [element, ring(element)]));
  const faults = [];
  const visited = [];

  const look = (element) => {
    if (ring(element) === before.get(element)) faults.push(`no ring: ${keyed(element)}`);
    const box = element.getClientRects()[0];
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < Math.min(box.width, 24) - 1 || bottom - top < Math.min(box.height, 24) - 1) {
      faults.push(`out of view: ${keyed(element)}`);
      return;
    }
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!hit || !(element.contains(hit) || hit.contains(element))) {
      faults.push(`covered by ${hit && named(hit)}: ${keyed(element)}`);
    }
  };

  const [start, end] = ["span", "span"].map((name) => document.createElement(name));
  start.tabIndex = -1;
  end.tabIndex = 0;
  const ends = key === "Tab" ? [start, end] : [end, start];
  document.body.prepend(ends[0]);
  document.body.append(ends[1]);
  start.focus({ preventScroll: true });
  let last = start;
  const onTab = (event) => {
    if (event.key !== "Tab") return;
    const element = document.activeElement;
    if (element === last) return;
    last = element;
    // What scrolls by itself can be reached too, so that arrow keys can scroll it.
    if (element !== end && !before.has(element) && !element.matches(FOCUSABLE)) return;
    visited.push(element === end ? "" : keyed(element));
    if (element !== end) look(element);
  };
  addEventListener("keydown", onTab, true);
  const once = (keys) => keys.filter((key, index) => key !== keys[index - 1]);
  window.walkOfTest = {
    stops: once(stops.map(keyed)),
    log: () => ({ visited: once(visited), faults }),
    end: () => {
      removeEventListener("keydown", onTab, true);
      start.remove();
      end.remove();
    },
  };
  return window.walkOfTest.stops;
}
