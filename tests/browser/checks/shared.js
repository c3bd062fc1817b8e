// What the checks share: how to name an element for a person, and whether anybody can see it.
const named = (element) => {
  const id = element.id && `#${element.id}`;
  const classes = [...element.classList].map((one) => `.${one}`).join("");
  const words = (element.innerText || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
  return `${element.localName}${id}${classes}${words && ` “${words}”`}`;
};

// Text for ears alone is clipped away to nothing.
const isForEars = (element) => {
  for (let one = element; one; one = one.parentElement) {
    if (getComputedStyle(one).clipPath === "inset(50%)") return true;
  }
  return false;
};

const isSeen = (element) => {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && !isForEars(element);
};

const seen = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);

// A wide table may scroll in a frame of its own.
const isFramed = (element) => {
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowX)) return true;
  }
  return false;
};

// The place from which Tab goes on stays where an element was, even once it has gone.
const startAtTheTop = () => {
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.blur(); // a browser mends the focus of what is taken away later, in the middle of a walk
  start.remove();
  scrollTo(0, 0);
};
