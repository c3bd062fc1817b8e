// Enhancement only: every page works without this file. Hooks are data-js attributes.
(() => {
  "use strict";
  const all = (name) => document.querySelectorAll(`[data-js="${name}"]`);

  // Leave this site, by the link or by Shift pressed alone three times: the page empties at once, and
  // the other site takes its place in the history. Pages further back may wait in memory with what was
  // typed in them: a message makes browsers drop those.
  let parting;
  try {
    parting = new BroadcastChannel("leaving");
  } catch {
    // forbidden, like all keeping
  }
  for (const link of all("leave")) {
    const how = link.nextElementSibling;
    const words = ["or press Shift 3 times", "Shift, twice more", "Shift, once more", "Loading…"];
    let presses = 0;
    let isAlone;
    let pause;
    const count = (to) => {
      if (presses > 2) return;
      presses = to;
      clearTimeout(pause);
      if (to > 2) {
        parting?.postMessage("");
        document.title = words[to];
        document.body.replaceChildren(how);
        location.replace(link.href);
      } else if (to) {
        pause = setTimeout(count, 3000, 0);
      }
      if (how.textContent !== words[to]) how.textContent = words[to];
    };
    const begin = (event) => {
      isAlone = event.key === "Shift";
      if (!isAlone) count(0);
    };
    link.addEventListener("click", (event) => {
      event.preventDefault();
      count(3);
    });
    // On a keyboard that is drawn on glass, Shift is a switch that people play with.
    if (matchMedia("(pointer: coarse)").matches) {
      words[0] = "";
    } else {
      addEventListener("keydown", begin, true);
      addEventListener("pointerdown", begin, true);
      addEventListener("wheel", begin, { capture: true, passive: true });
      addEventListener("keyup", (event) => {
        if (event.key === "Shift" && isAlone) count(presses + 1);
      }, true);
    }
    count(0);
    how.setAttribute("role", "status");
  }

  // A count that says how much is left, and never stops anybody from typing.
  // Characters are counted as the server counts them: code points, a newline as one.
  for (const area of all("count")) {
    const limit = Number(area.dataset.limit);
    const shown = area.nextElementSibling;
    const spoken = document.createElement("p");
    spoken.className = "u-hidden";
    spoken.setAttribute("role", "status");
    shown.after(spoken);
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

  // Moments: `#t=84` is a second of the recording. What is closed opens only on the visitor's own click
  // on its lid, and then goes on from there; nothing plays before a click.
  const players = [...all("player")];
  const said = [...document.querySelectorAll("[data-at]")];
  const transcript = all("transcript")[0];
  const moment = (hash) => Number(/^#t=(\d{1,6})$/.exec(hash)?.[1] ?? NaN);
  const lidOf = (element) => element?.closest("details:not([open])");
  let player = players.find((one) => !lidOf(one)) ?? players[0];
  let wanted = NaN;
  let now;

  const mark = (seconds) => {
    const next = said.findLast((one) => Number(one.dataset.at) <= seconds) ?? said[0];
    if (next === now) return;
    now?.classList.remove("is-now");
    now?.removeAttribute("aria-current");
    next.classList.add("is-now");
    next.setAttribute("aria-current", "true");
    now = next;
  };
  const seek = (one, seconds) => {
    if (one.readyState > 0) {
      one.currentTime = seconds;
    } else {
      one.addEventListener("loadedmetadata", () => { one.currentTime = seconds; }, { once: true });
      one.preload = "metadata";
    }
  };
  const want = (seconds) => {
    wanted = seconds;
    if (player && !lidOf(player)) seek(player, seconds);
  };
  const play = (event) => {
    if (!player || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { hash } = event.currentTarget;
    history.pushState(null, "", hash);
    want(moment(hash));
    mark(wanted);
    const lid = lidOf(player);
    (lid ? lid.querySelector("summary") : player).focus();
    (lid ?? player).scrollIntoView({ block: "center" });
    if (!lid) player.play().catch(() => {});
  };
  const arrive = () => {
    const seconds = moment(location.hash);
    if (Number.isNaN(seconds)) return;
    want(seconds);
    mark(seconds);
    if (transcript?.matches(".c-fold")) transcript.open = true;
    (transcript?.open ? now : transcript ?? player)?.scrollIntoView({ block: "center" });
  };

  for (const link of all("seek")) link.addEventListener("click", play);
  for (const one of players) {
    one.addEventListener("play", () => {
      if (player !== one) player.pause();
      player = one;
    });
    one.addEventListener("timeupdate", () => { mark(one.currentTime); });
    one.closest("details")?.addEventListener("toggle", () => {
      if (!lidOf(one) && wanted >= 0 && !one.readyState) seek(one, wanted);
    });
  }
  transcript?.addEventListener("toggle", () => {
    if (transcript.open) now?.scrollIntoView({ block: "center" });
  });
  addEventListener("hashchange", arrive);
  arrive();

  // Browsers open a box to get to what is inside of it, for an id or for words in an address. One for
  // adults opens by its lid, and by nothing else.
  const lifted = new WeakSet();
  for (const box of document.querySelectorAll(".c-closed")) {
    const hold = () => {
      if (!box.open) {
        lifted.delete(box);
      } else if (!lifted.has(box)) {
        box.open = false;
        box.scrollIntoView();
      }
    };
    box.querySelector(":scope > summary").addEventListener("click", () => {
      if (!box.open) lifted.add(box);
    });
    box.addEventListener("toggle", hold);
    hold();
  }
  // Inside of a box that the visitor has opened, links go on to what lies there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.c-closed a[href^="#"]');
    const there = link && document.getElementById(`inside-${link.hash.slice(1)}`);
    if (!there) return;
    event.preventDefault();
    history.pushState(null, "", link.hash);
    there.tabIndex = -1;
    there.focus();
    there.scrollIntoView();
  });

  // The contents mark what is being read.
  const entries = new Map();
  const watch = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter((one) => one.isIntersecting)) {
      for (const [section, entry] of entries) {
        if (section === target) entry.setAttribute("aria-current", "true");
        else entry.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-15% 0px -80%" });
  for (const contents of all("contents")) {
    contents.hidden = false;
    for (const entry of contents.querySelectorAll("a")) {
      const id = entry.hash.slice(1);
      const section = (document.getElementById(`inside-${id}`) ?? document.getElementById(id))?.closest("section");
      if (section) {
        entries.set(section, entry);
        watch.observe(section);
      }
    }
  }

  // What this browser keeps, and only on the visitor's own wish: a key that is there is the wish.
  const drawer = (() => {
    try {
      localStorage.getItem("");
      return localStorage;
    } catch {
      return null;
    }
  })();
  const offer = (name, { ask, forget, value, restore, clear }) => {
    const places = [...all(name)];
    if (!drawer || !places.length) return () => {};
    const key = `postbag:${name}:${places[0].dataset.of}`;
    const isKept = () => drawer.getItem(key) !== null;
    const keep = () => {
      try {
        drawer.setItem(key, value());
      } catch {
        drawer.removeItem(key); // full, or forbidden
      }
    };
    const offers = places.map((place) => {
      const button = document.createElement("button");
      button.type = "button";
      const told = document.createElement("p");
      told.setAttribute("role", "status");
      place.append(button, told);
      button.addEventListener("click", () => {
        if (isKept()) {
          drawer.removeItem(key);
          clear();
        } else {
          keep();
        }
        say();
      });
      return { button, told };
    });
    const say = () => {
      for (const { button, told } of offers) {
        button.textContent = isKept() ? forget : ask;
        told.textContent = `${isKept() ? "Kept in this browser, and nowhere else." : "Nothing is kept until you say so."} Whoever else uses this browser could see it.`;
      }
    };
    if (isKept()) restore(drawer.getItem(key));
    say();
    return () => { if (isKept()) keep(); };
  };

  const keepPlace = offer("place", {
    ask: "Remember where I stopped, in this browser only",
    forget: "Forget where I stopped",
    value: () => String(Math.floor(player.currentTime)),
    restore: (kept) => { if (!(wanted >= 0) && /^[1-9]\d{0,5}$/.test(kept)) want(Number(kept)); },
    clear: () => {},
  });
  for (const one of players) {
    let last = 0;
    one.addEventListener("pause", keepPlace);
    one.addEventListener("timeupdate", () => {
      if (Math.abs(one.currentTime - last) < 5) return;
      last = one.currentTime;
      keepPlace();
    });
  }

  const boxes = [...document.querySelectorAll(".checklist [id]")];
  const keepTicks = offer("ticks", {
    ask: "Keep my ticks in this browser",
    forget: "Clear my ticks",
    value: () => JSON.stringify(boxes.filter((box) => box.checked).map((box) => box.id)),
    restore: (kept) => { for (const box of boxes) box.checked = kept.includes(`"${box.id}"`); },
    clear: () => { for (const box of boxes) box.checked = false; },
  });
  for (const box of boxes) box.addEventListener("change", keepTicks);
})();
