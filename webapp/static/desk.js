// The desk works without this file. It moves focus to what is wrong, offers the original as the
// start of an empty text, and asks before unsaved texts are left behind.
document.querySelector('[data-js="error-summary"]')?.focus();

for (const form of document.querySelectorAll('[data-js="texts"]')) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  const original = form.dataset.original;
  for (const area of original ? form.querySelectorAll("textarea") : []) {
    if (area.value) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-plain";
    button.textContent = "Start from the original";
    button.setAttribute("aria-describedby", area.id);
    button.addEventListener("click", () => {
      area.value = original;
      unsaved = true;
      area.focus();
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
      button.remove();
    });
    area.addEventListener("input", () => button.remove(), { once: true });
    area.form.querySelector(`#${area.id}-help`).append(" ", button);
  }
}
