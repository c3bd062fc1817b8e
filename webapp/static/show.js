// Says while a colour is typed whether it can be read on its season's (WCAG 2.2, 1.4.3), and shows both.
// The form works without this file: the server says the same, and refuses what is too faint.
const LEAST = 4.5;
const COLOUR = /^#[0-9a-f]{6}$/i;

const luminance = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one, other) => {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

for (const said of document.querySelectorAll('[data-js="contrast"]')) {
  const row = said.closest("fieldset");
  const swatch = row.querySelector('[data-js="swatch"]');
  const colours = row.querySelectorAll('[data-js="colour"]');
  row.addEventListener("input", () => {
    const [field, ink] = [...colours].map((one) => one.value.trim());
    if (!COLOUR.test(field) || !COLOUR.test(ink)) {
      said.textContent = "";
      return;
    }
    const ratio = Math.floor(contrast(field, ink) * 100) / 100;
    said.textContent = `Contrast ${ratio.toFixed(2)}${ratio < LEAST ? `, and it takes ${LEAST}.` : ". It can be read."}`;
    swatch.style.setProperty("--field", field);
    swatch.style.setProperty("--ink", ink);
  });
}
