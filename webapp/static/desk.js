// The desk works without this file. It moves focus to what is wrong, offers the original as the start
// of an empty text, asks before unsaved texts are left behind, counts what is new, and renews a claim.
document.querySelector('[data-js="error-summary"]')?.focus();

for (const form of document.querySelectorAll('[data-js="texts"]')) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  const original = form.dataset.original;
  for (const area of original ? form.querySelectorAll('textarea[name$="_text"]') : []) {
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

// What is shown only once can be copied, where the browser can.
for (const place of window.isSecureContext && navigator.clipboard ? document.querySelectorAll('[data-js="copy"]') : []) {
  const button = document.createElement("button");
  [button.type, button.className, button.textContent] = ["button", "c-act", "Copy it"];
  button.addEventListener("click", async () => {
    const field = place.querySelector("input");
    field.select();
    const isCopied = await navigator.clipboard.writeText(field.value).then(() => true, () => false);
    button.textContent = isCopied ? "Copied" : "Not copied: press Ctrl and C";
  });
  place.append(button);
}

// "14 new, show them": the number changes, the list never does.
const MINUTE = 60_000;
const waiting = document.querySelector('[data-js="waiting"]');
const count = async () => {
  if (document.hidden) return;
  const answer = await fetch(waiting.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
  const isTold = answer?.ok && answer.headers.get("Content-Type").startsWith("application/json");
  if (!isTold) return;
  const { words } = await answer.json();
  waiting.textContent = words;
  waiting.hidden = !words;
};
if (waiting) setInterval(count, MINUTE);

// A claim lasts ten minutes; it is renewed while somebody writes, and not while a page lies open.
const claim = document.querySelector('form[data-js="claim"]');
let renewedAt = Date.now();
const renew = () => {
  if (Date.now() - renewedAt < 3 * MINUTE) return;
  renewedAt = Date.now();
  fetch(claim.action, { method: "POST", body: new FormData(claim), redirect: "manual" }).catch(() => null);
};
if (claim) addEventListener("input", renew);
