// Enhancement only: every page works without this file. Hooks are data-js attributes.
(() => {
  "use strict";
  const all = (name) => document.querySelectorAll(`[data-js="${name}"]`);

  // A count that says how much is left, and never stops anybody from typing.
  // Characters are counted as the server counts them: code points, a newline as one.
  for (const area of all("count")) {
    const limit = Number(area.dataset.limit);
    const shown = document.createElement("p");
    shown.className = "c-field__help c-count";
    const spoken = document.createElement("p");
    spoken.className = "u-hidden";
    spoken.setAttribute("role", "status");
    area.after(shown, spoken);
    const words = () => {
      const left = limit - [...area.value.trim()].length;
      const many = Math.abs(left).toLocaleString(document.documentElement.lang);
      shown.classList.toggle("is-over", left < 0);
      return `${many} ${Math.abs(left) === 1 ? "character" : "characters"} ${left < 0 ? "too many" : "left"}`;
    };
    let pause;
    const update = () => {
      shown.textContent = words();
      clearTimeout(pause);
      pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1500);
    };
    shown.textContent = words();
    area.addEventListener("input", update);
  }

  // What went wrong comes first.
  all("error-summary")[0]?.focus();

  // Copy the receipt, where the browser can.
  for (const receipt of all("copy")) {
    if (!navigator.clipboard || !window.isSecureContext) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-button c-button--quiet u-noprint";
    button.textContent = "Copy the six words";
    const said = document.createElement("p");
    said.className = "c-ticket__foot u-noprint";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(receipt.textContent.trim());
        said.textContent = "Copied. Paste them somewhere that only you look.";
      } catch {
        said.textContent = "This browser would not copy. Select the words instead.";
      }
    });
    receipt.after(button, said);
  }

  // Links to a moment seek the player. What is closed opens only on the visitor's own click.
  const player = all("player")[0];
  const moment = (hash) => Number(/^#t=(\d+)$/.exec(hash)?.[1] ?? NaN);
  const seek = (seconds) => {
    if (player.readyState > 0) {
      player.currentTime = seconds;
    } else {
      player.addEventListener("loadedmetadata", () => { player.currentTime = seconds; }, { once: true });
      player.preload = "metadata";
    }
  };
  if (player) {
    for (const link of all("seek")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        for (let lid = player.closest("details"); lid; lid = lid.parentElement.closest("details")) lid.open = true;
        seek(moment(link.hash));
        player.focus();
        player.scrollIntoView({ block: "center" });
        player.play().catch(() => {});
      });
    }
    const asked = moment(location.hash);
    if (!Number.isNaN(asked) && !player.closest("details:not([open])")) seek(asked);
  }
})();
