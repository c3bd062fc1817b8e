// A bundle or a feed that the worker is busy with: looks again every few seconds, and shows the page anew
// once it stands otherwise. Without this there is a link to look again.
"use strict";

(() => {
  const PAUSE = 4000;
  const main = document.querySelector("main[data-state]");
  if (!main) return;

  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || !answer.ok) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("main[data-state]");
      if (!next || next.dataset.state !== main.dataset.state) return location.reload();
      const [shown, is] = [main, next].map((one) => one.querySelector("[data-js=how-far]"));
      if (is && !shown) return location.reload();
      if (is) Object.assign(shown, { max: is.max, value: is.value });
    } catch {
      // the network is away: it is looked at again
    }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
})();
