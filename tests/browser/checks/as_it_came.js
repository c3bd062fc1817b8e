// Puts a page back to how a visitor finds it.
() => {
  document.adoptedStyleSheets = [];
  document.documentElement.removeAttribute("style");
  for (const lid of document.querySelectorAll("[data-opened-by-test]")) {
    lid.open = false;
    delete lid.dataset.openedByTest;
  }
  getSelection().removeAllRanges();
  startAtTheTop();
}
