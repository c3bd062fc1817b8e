// The writing page works without this file. It keeps what is typed while it is being typed, says so, asks
// before anything that is not kept is left behind, and shows the page beside the form where there is room.
const writing = document.querySelector('[data-js="writing"]');
const told = document.querySelector('[data-js="writing-status"]');
const WAIT = 2_000, LONGEST_WAIT = 60_000, LARGEST_PARTING = 64_000, OF_A_FIELD = 110; // bytes; browsers take 65,536
let typed = 0, kept = 0, turn = Number(writing.elements.turn.value);
let timer = 0, wait = WAIT, busy = false, leaving = false;

const say = (words, link) => {
  told.textContent = words;
  if (!link) return;
  const a = document.createElement("a");
  [a.href, a.target, a.textContent] = [link, "_blank", "Sign in in another tab"];
  told.append(" ", a);
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
};

// After a new sign-in the page's token holds no longer: the page itself has a new one.
const freshen = async () => {
  const answer = await fetch(writing.action, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector('#writing [name="csrf_token"]');
  if (token) writing.elements.csrf_token.value = token.value;
  return Boolean(token);
};

const post = (parting) => {
  writing.elements.turn.value = ++turn;
  const body = new FormData(writing);
  const size = new Blob([...body].flat()).size + [...body].length * OF_A_FIELD;
  return fetch(writing.dataset.autosave, {
    method: "POST", body, redirect: "manual", keepalive: parting && size < LARGEST_PARTING,
  });
};

const WORDS = {
  413: "this is more than a page can keep. Press Save.",
  422: "this page cannot be kept as it is. Press Save: all of it stays.",
};
const refused = async (answer) => {
  wait = Math.min(wait * 2, LONGEST_WAIT);
  if (answer?.status === 401) {
    say("Not saved yet: you are signed out, and what you typed is still here.", writing.dataset.signIn);
  } else if (answer?.status === 403 && await freshen().catch(() => false)) {
    wait = WAIT;
  } else if (answer?.status === 409) {
    say(`Not saved yet: ${await answer.text()}`);
    return;
  } else if (WORDS[answer?.status]) {
    say(`Not saved yet: ${WORDS[answer.status]}`);
    return;
  } else {
    say("Not saved yet: the site cannot be reached. It is tried again, and what you typed is still here.");
  }
  later();
};

async function keep() {
  if (busy || leaving || kept === typed) return;
  busy = true;
  const mine = typed;
  const answer = await post(false).catch(() => null);
  busy = false;
  if (leaving) return;
  if (answer?.status !== 204) {
    await refused(answer);
    return;
  }
  [kept, wait] = [Math.max(kept, mine), WAIT];
  const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  say(`Kept at ${now}, for you alone. Save it when it is right.`);
  show();
  if (kept !== typed) later();
}

const changed = () => {
  typed += 1;
  later();
};
writing.addEventListener("input", changed);
writing.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(timer);
});
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => { if (!leaving && kept !== typed) event.preventDefault(); });
const part = () => {
  if (leaving || kept === typed) return;
  const mine = typed;
  post(true).then((answer) => { if (answer.status === 204) kept = Math.max(kept, mine); }, () => null);
};
addEventListener("pagehide", part);
document.addEventListener("visibilitychange", () => { if (document.hidden) part(); });

// Beside the form: the page as readers will see it.
const wide = matchMedia("(min-width: 80em)");
let frame = null;
function show() {
  if (!wide.matches) {
    frame?.remove();
    frame = null;
  } else if (frame) {
    const at = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame?.contentWindow.scrollTo(0, at), { once: true });
    frame.contentWindow.location.replace(writing.dataset.preview);
  } else {
    frame = document.createElement("iframe");
    frame.className = "c-write__preview";
    frame.title = "Preview";
    frame.addEventListener("load", ({ target }) => { // no other page may stand in the frame
      for (const link of target.contentDocument?.links ?? []) {
        if (!link.getAttribute("href").startsWith("#")) link.target ||= "_blank";
      }
    });
    frame.src = writing.dataset.preview;
    writing.after(frame);
  }
}
wide.addEventListener("change", show);
show();
