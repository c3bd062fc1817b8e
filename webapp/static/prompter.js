// The prompter works without this file, one page for each question. With it the page is opened once
// and then needs the server for marks alone. A mark that cannot be sent waits in this browser: which
// question, which version, which time code, and never a word of anybody's.
const root = document.querySelector('[data-js="prompter"]');
const cues = [...root.querySelectorAll('[data-js="cue"]')];
const tools = Object.fromEntries(
  [...root.querySelectorAll("[data-tool]")].map((button) => [button.dataset.tool, button]),
);
const find = (name, within = root) => within.querySelector(`[data-js="${name}"]`);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* a browser that keeps nothing: it holds until the page is closed */ }
}
const say = (words) => { find("said").textContent = words; };

// One question at a time
let at = Math.max(0, cues.findIndex((cue) => !cue.classList.contains("is-away")));

function show(number, focus = true) {
  if (number < 0 || number >= cues.length) return;
  cues[at].classList.add("is-away");
  at = number;
  cues[at].classList.remove("is-away");
  history.replaceState(null, "", `?item=${at + 1}`);
  scrollTo(0, 0);
  if (focus) cues[at].focus({ preventScroll: true });
}
// A page further while there is text to come, and then to the next question.
function turn(by) {
  const text = find("text", cues[at])?.parentElement.getBoundingClientRect();
  const page = innerHeight * 0.8 * by;
  const isLeft = text && (by > 0 ? text.bottom > innerHeight : scrollY > 0);
  if (isLeft) scrollBy(0, page);
  else show(at + by);
}
root.addEventListener("click", (event) => {
  const link = event.target.closest('[data-js="go"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(at + (link.rel === "next" ? 1 : -1));
});

// How it looks: kept for the next time, on this screen
const look = { size: 0, speed: 40, mirror: false, keys: null, ...load("postbag.prompter", {}) };
let keysOn = look.keys ?? root.dataset.keys === "on";

function press(name, isOn) {
  tools[name].setAttribute("aria-pressed", String(isOn));
}
function dress() {
  root.style.setProperty("--size", look.size ? `${look.size}px` : "");
  root.classList.toggle("is-mirrored", look.mirror);
  press("mirror", look.mirror);
  press("keys", keysOn);
  for (const hint of root.querySelectorAll("kbd")) {
    hint.hidden = !keysOn && hint.textContent.length === 1;
  }
}
function set(changes) {
  Object.assign(look, changes);
  keep("postbag.prompter", look);
  dress();
}
function resize(factor) {
  const text = find("text", cues[at]) ?? root;
  const now = look.size || parseFloat(getComputedStyle(text).fontSize);
  set({ size: Math.round(Math.min(240, Math.max(24, now * factor))) });
}
function pace(by) {
  set({ speed: Math.min(400, Math.max(10, look.speed + by)) });
  say(`Scrolls ${look.speed} pixels a second.`);
}

// Scrolling by itself: never before somebody starts it; by whole lines for those who want less motion
let last = 0;
let owed = 0;
let scrolls = false;

function roll(now) {
  if (!scrolls) return;
  owed += last ? (now - last) / 1000 * look.speed : 0;
  last = now;
  const line = calm.matches ? parseFloat(getComputedStyle(find("text", cues[at]) ?? root).lineHeight) : 1;
  if (owed >= line) {
    const step = Math.floor(owed / line) * line;
    owed -= step;
    scrollBy(0, step);
  }
  if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) scroll(false);
  else requestAnimationFrame(roll);
}
function scroll(isOn) {
  scrolls = isOn;
  last = 0;
  owed = 0;
  press("scroll", isOn);
  if (isOn) requestAnimationFrame(roll);
}

// The stop-watch: it goes on over a reload
const watchKey = `postbag.watch.${root.dataset.store}`;
const watch = load(watchKey, { since: 0, before: 0 });
const elapsed = () => Math.floor((watch.before + (watch.since ? Date.now() - watch.since : 0)) / 1000);
const code = (seconds) => [
  Math.floor(seconds / 3600),
  String(Math.floor(seconds / 60) % 60).padStart(2, "0"),
  String(seconds % 60).padStart(2, "0"),
].join(":");

function tick() {
  find("watch").textContent = code(elapsed());
  const field = find("mark", cues[at])?.elements.time_code;
  if (field) field.placeholder = code(elapsed());
}
function run(isOn, before) {
  watch.before = before;
  watch.since = isOn ? Date.now() : 0;
  keep(watchKey, watch);
  press("watch", isOn);
  tick();
}
const startOrStop = () => run(!watch.since, elapsed() * 1000);
setInterval(tick, 500);

function start() {
  keysOn = true;
  dress();
  if (!watch.since && !elapsed()) run(true, 0);
  cues[at].focus({ preventScroll: true });
  document.documentElement.requestFullscreen?.().catch(() => {});
}
document.addEventListener("fullscreenchange", () => {
  document.documentElement.classList.toggle("is-full", Boolean(document.fullscreenElement));
  if (!document.fullscreenElement) scroll(false);
});
function blank() {
  press("blank", root.classList.toggle("is-blank"));
}

// Marks
const marksKey = `postbag.marks.${root.dataset.store}`;
let marks = load(marksKey, []);
const cueOf = (question) => cues.find((cue) => cue.dataset.question === question);
const nameOf = (question) => {
  const cue = cueOf(question);
  return cue ? `Question ${cue.dataset.number}` : "A question that is no longer in this rundown";
};

function settle(mark, isDone) {
  marks = marks.filter((one) => one.question !== mark.question);
  keep(marksKey, marks);
  const cue = cueOf(mark.question);
  if (!cue) return;
  const form = find("mark", cue);
  if (isDone) form?.remove();
  else if (form) form.hidden = false;
  find("done", cue).hidden = !isDone;
}
function mark(form) {
  const cue = form.closest('[data-js="cue"]');
  const field = form.elements.time_code;
  if (!field.value.trim() && elapsed()) field.value = code(elapsed());
  const time = field.value.trim();
  if (time && !/^(\d{1,2}:)?\d{1,3}:[0-5]\d$/.test(time)) {
    say("Write the time code as hours, minutes and seconds, such as 0:12:30.");
    field.focus();
    return;
  }
  const { question } = cue.dataset;
  if (marks.some((one) => one.question === question)) return;
  marks.push({ question, version: form.elements.version.value, time });
  keep(marksKey, marks);
  marked();
  say(`Question ${cue.dataset.number} is marked.${time ? ` Time code ${time}.` : ""}`);
  send();
}
// What waits shows as recorded already: whoever reads aloud goes on.
function marked() {
  for (const one of marks) {
    const cue = cueOf(one.question);
    if (!cue) continue;
    const form = find("mark", cue);
    if (form) form.hidden = true;
    const done = find("done", cue);
    done.hidden = false;
    done.textContent = `Recorded${one.time ? ` at ${one.time}` : ""}`;
  }
  const open = marks.filter((one) => !one.clash).length;
  const words = open === 1 ? "1 mark waits to be sent." : `${open} marks wait to be sent.`;
  find("waiting").textContent = open ? words : "";
}

function clash(one, words, version) {
  one.clash = true;
  marked();
  const line = document.createElement("li");
  const told = document.createElement("p");
  const ways = document.createElement("div");
  told.textContent = `${nameOf(one.question)}: ${words}`;
  const offer = (label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-tool";
    button.textContent = label;
    button.addEventListener("click", () => { line.remove(); act(); });
    ways.append(button);
  };
  if (version) {
    offer("Mark it anyway", () => {
      one.version = String(version);
      one.clash = false;
      keep(marksKey, marks);
      marked();
      send();
    });
  }
  offer("Leave it", () => { settle(one, false); marked(); });
  line.append(told, ways);
  find("clashes").append(line);
}

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  for (const one of marks.filter((waiting) => !waiting.clash)) {
    if (!await post(one)) break;
  }
  sending = false;
  marked();
}
// Whether to go on with the next one: not without a connection, and not for a stranger.
async function post(one) {
  const body = new URLSearchParams({
    csrf_token: document.querySelector('[name="csrf_token"]')?.value ?? "",
    version: one.version,
    time_code: one.time,
  });
  const url = location.pathname.replace(/prompter$/, `items/${one.question}/recorded`);
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    return false;
  }
  if (answer.ok && !answer.redirected) {
    settle(one, true);
    return true;
  }
  if ([401, 422].includes(answer.status) || answer.redirected) {
    say("Marks could not be sent: sign in again and reload this page. They are kept until then.");
    return false;
  }
  if (answer.status >= 500 || [408, 429].includes(answer.status)) return false;
  const told = await answer.json().catch(() => ({}));
  clash(one, `${told.title ?? "It could not be marked."} ${told.detail ?? ""}`, told.possible && told.version);
  return true;
}
root.addEventListener("submit", (event) => {
  if (event.target.dataset.js !== "mark") return;
  event.preventDefault();
  mark(event.target);
});
addEventListener("online", send);
setInterval(() => { if (marks.length) send(); }, 15000);

// Buttons and keys. A remote sends PageUp, PageDown, F5, Escape, and B or a full stop.
const acts = {
  full: start,
  scroll: () => scroll(!scrolls),
  slower: () => pace(-10),
  faster: () => pace(10),
  smaller: () => resize(1 / 1.15),
  larger: () => resize(1.15),
  mirror: () => set({ mirror: !look.mirror }),
  blank,
  watch: startOrStop,
  zero: () => run(Boolean(watch.since), 0),
  keys: () => { keysOn = !keysOn; set({ keys: keysOn }); },
};
for (const [name, act] of Object.entries(acts)) tools[name].addEventListener("click", act);

const always = {
  PageDown: () => turn(1),
  PageUp: () => turn(-1),
  ArrowRight: () => show(at + 1),
  ArrowLeft: () => show(at - 1),
  F5: start,
  Escape: () => scroll(false),
  " ": acts.scroll,
};
const letters = {
  r: () => find("mark", cues[at])?.requestSubmit(),
  b: blank,
  ".": blank,
  m: acts.mirror,
  t: startOrStop,
  s: acts.slower,
  w: acts.faster,
  "+": acts.larger,
  "=": acts.larger,
  "-": acts.smaller,
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = event.target.closest?.("input, textarea, select");
  const onControl = event.target.closest?.("button, a");
  if (inField || (event.key === " " && onControl)) return;
  const act = always[event.key] ?? (keysOn ? letters[event.key.toLowerCase()] : undefined);
  if (!act || (event.repeat && act === letters.r)) return;
  event.preventDefault();
  act();
});

if (cues.length) {
  find("tools").hidden = false;
  press("watch", Boolean(watch.since));
  for (const one of marks) one.clash = false;
  dress();
  tick();
  marked();
  send();
}
