// Opens what is closed by its lid, remembers what it opened, and lets the page's own scripts follow.
async () => {
  for (const box of document.querySelectorAll("details:not([open])")) {
    box.querySelector(":scope > summary").click();
    box.dataset.openedByTest = "";
  }
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
