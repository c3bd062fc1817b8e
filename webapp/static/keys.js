// A key for every act, for those who have switched them on: <html data-keys="address of the table">.
// A key presses what carries it in data-key, in the current row or else on the page. Inside fields,
// in dialogs and together with Ctrl, Alt or the like, keys do what they do everywhere.
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const PRESSABLE = "a, button, summary, video, audio, input";
const rows = [...document.querySelectorAll('[data-js="row"]')];
let current = null;
let lid = null; // what "d" has opened, as long as a digit may follow
let isOnItsWay = false; // a form was sent: a second key would press what is about to go

const choose = (row) => {
  current?.classList.remove("is-current");
  current = row;
  row?.classList.add("is-current");
};

const go = (row) => {
  if (!row) return;
  choose(row);
  row.tabIndex = -1;
  row.focus();
};

const find = (key) => {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const inRow = current?.querySelector(wanted);
  return inRow ?? [...document.querySelectorAll(wanted)].find((one) => !one.closest('[data-js="row"]'));
};

const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
const firstField = (box) =>
  [...box.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")].find(isSeen);

const reasonsOf = (select) => [...select.options].filter((option) => option.value).slice(0, 9);

// The digits stand at the reasons, which a closed list would hide.
const number = (box) => {
  const select = box.querySelector("select");
  if (!select || box.querySelector('[data-js="digits"]')) return;
  const list = document.createElement("div");
  list.dataset.js = "digits";
  list.append(...reasonsOf(select).map((option, index) => {
    const line = document.createElement("p");
    const key = document.createElement("kbd");
    line.className = "c-field__help";
    key.textContent = index + 1;
    line.append(key, ` ${option.text}`);
    return line;
  }));
  select.after(list);
};

const shut = (box) => {
  box.open = false;
  box.firstElementChild.focus();
};

const decline = (box, digit) => {
  const select = box.querySelector("select");
  const reason = select && reasonsOf(select)[digit - 1];
  if (!reason) return;
  select.value = reason.value;
  box.querySelector('button[value="decline"]').click(); // what is still missing, the browser says
};

const press = (element, key) => {
  for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) {
    if (!isSeen(element)) box.open = true;
  }
  if (element.localName === "summary") {
    const box = element.parentElement;
    box.open = true;
    if (key === "d") {
      number(box);
      element.focus();
      lid = box;
      box.lastElementChild.scrollIntoView({ block: "nearest" });
    } else {
      firstField(box)?.focus();
    }
  } else if (element.matches(TYPED)) {
    element.focus();
  } else {
    element.click();
  }
};

const help = async () => {
  const address = document.documentElement.dataset.keys;
  const answer = await fetch(address).catch(() => null);
  const page = answer?.ok ? await answer.text() : "";
  const table = new DOMParser().parseFromString(page, "text/html").querySelector('[data-js="keys"]');
  if (!table) {
    location.assign(address);
    return;
  }
  const dialog = document.createElement("dialog");
  const close = document.createElement("button");
  close.className = "c-act";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", "Keys");
  dialog.append(close, table);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};

const move = (by) => {
  const place = rows.indexOf(current);
  go(rows[place < 0 ? 0 : place + by]);
};

const ways = {
  j: () => move(1),
  k: () => move(-1),
  "?": help,
  "/": () => {
    const search = find("/") ?? document.querySelector('input[type="search"]');
    search?.focus();
    search?.select();
  },
};

const actOf = (event) => {
  const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  const box = lid;
  if (box && key === "Escape") return () => shut(box);
  if (box && /^[1-9]$/.test(key)) return () => decline(box, Number(key));
  if (key === "Enter" && event.target.closest(PRESSABLE)) return null;
  if (ways[key]) return ways[key];
  const element = key.length === 1 || key === "Enter" ? find(key) : null;
  return element && (() => press(element, key));
};

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || isOnItsWay) return;
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const isMoving = event.key === "j" || event.key === "k";
  if ((event.repeat && !isMoving) || event.target.closest?.(TYPED)) return;
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  lid = null;
  act();
});
addEventListener("focusin", (event) => {
  const row = event.target.closest('[data-js="row"]');
  if (row) choose(row);
});
addEventListener("submit", () => {
  isOnItsWay = true;
  setTimeout(() => { isOnItsWay = false; }, 2000); // somebody may have chosen to stay
});
addEventListener("pageshow", () => { isOnItsWay = false; });

// After a decision the page comes back at the question that stood next.
const target = location.hash && document.getElementById(location.hash.slice(1));
const begin = rows.includes(target) ? target : rows.length === 1 ? rows[0] : null;
if (begin && begin === target) go(begin);
else choose(begin);
