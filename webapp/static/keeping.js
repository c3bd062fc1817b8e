// Forms with `data-autosave` work without this file. It keeps what is typed into them while it is being typed,
// says so, and asks before anything that is not kept is left behind. Each has the fields `tab` and `turn`.
const WAIT = 2_000, LONGEST_WAIT = 60_000, LARGEST_PARTING = 64_000, OF_A_FIELD = 110; // bytes; browsers take 65,536
const WORDS = {
  closed: "this page is not yours to change any more. Copy what you typed.",
  404: "what this is about is not there any more. Copy what you typed.",
  413: "this is more than a page can keep. Save it now.",
  422: "this page cannot be kept as it is. Save it now: all of it stays.",
};

const keepForm = (form) => {
  const told = form.querySelector('[data-js="kept"]');
  let typed = 0, kept = 0, turn = Number(form.elements.turn.value);
  let timer = 0, wait = WAIT, sending = null, leaving = false;

  const say = (words, link) => {
    if (!told) return;
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

  // After a new sign-in the page's token holds no longer: the page itself has a new one, or is closed to whoever it is.
  const freshen = async () => {
    const answer = await fetch(form.dataset.page, { redirect: "manual" });
    if (!answer.ok) return answer.status === 403 ? "closed" : "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('main [name="csrf_token"]');
    if (token) form.elements.csrf_token.value = token.value;
    return token ? "fresh" : "";
  };

  const post = (parting, signal) => {
    form.elements.turn.value = ++turn;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const size = new Blob([...body].flat()).size + [...body].length * OF_A_FIELD;
    return fetch(form.dataset.autosave, {
      method: "POST", body, redirect: "manual", signal, keepalive: parting && size < LARGEST_PARTING,
    });
  };

  const refused = async (answer) => {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    const why = answer?.status === 403 ? await freshen().catch(() => "") : answer?.status;
    if (why === 401) {
      say("Not saved yet: you are signed out, and what you typed is still here.", form.dataset.signIn);
    } else if (why === "fresh") {
      wait = WAIT;
    } else if (why === 409) {
      say(`Not saved yet: ${await answer.text()}`);
      return;
    } else if (WORDS[why]) {
      say(`Not saved yet: ${WORDS[why]}`);
      return;
    } else {
      say("Not saved yet: the site cannot be reached. It is tried again, and what you typed is still here.");
    }
    later();
  };

  async function keep() {
    if (sending || leaving || kept === typed) return;
    sending = new AbortController();
    const mine = typed;
    const answer = await post(false, sending.signal).catch(() => null);
    sending = null;
    if (leaving) return;
    if (answer?.status !== 204) {
      await refused(answer);
      return;
    }
    [kept, wait] = [Math.max(kept, mine), WAIT];
    const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    say(`Kept at ${now}, for you alone. Save it when it is right.`);
    form.dispatchEvent(new Event("kept"));
    if (kept !== typed) later();
  }

  const part = () => {
    if (leaving || kept === typed) return;
    const mine = typed;
    post(true).then((answer) => { if (answer.status === 204) kept = Math.max(kept, mine); }, () => null);
  };

  form.addEventListener("input", ({ target }) => {
    if (target.type === "file") return;
    typed += 1;
    later();
  });
  form.addEventListener("submit", () => { // whatever is on its way would come behind its own save
    leaving = true;
    clearTimeout(timer);
    sending?.abort();
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (!leaving && kept !== typed) event.preventDefault(); });
  addEventListener("pagehide", part);
  document.addEventListener("visibilitychange", () => { if (document.hidden) part(); });

  if ("typed" in form.dataset) { // it came back from the server, which has not kept it
    typed = 1;
    keep();
  }
};

for (const form of document.querySelectorAll("form[data-autosave]")) keepForm(form);
