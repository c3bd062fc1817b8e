// Files are sent whole without this file. With it they come in pieces, with progress, and go on after a
// broken connection, a reload or a night: whoever chooses the same file again sends only what is missing.
const PIECE = 1024 * 1024;
const MARKED = 64 * 1024;
const LONGEST_WAIT = 60_000;

const wait = (ms) => new Promise((resolve) => {
  const done = () => { clearTimeout(timer); removeEventListener("online", done); resolve(); };
  const timer = setTimeout(done, ms);
  addEventListener("online", done);
});

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const read = async (answer) => {
  const isTold = answer.headers.get("Content-Type")?.includes("json");
  const told = isTold ? await answer.json() : {};
  return { ...told, status: answer.status, words: told.words ?? told.detail ?? "" };
};

// A hash of the first and the last 64 KiB that have arrived tells whether it is the same file.
const markOf = async (file, received) => {
  const size = Math.min(MARKED, received);
  const ends = new Blob([file.slice(0, size), file.slice(received - size, received)]);
  const hash = await crypto.subtle.digest("SHA-256", await ends.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

class Sending {
  constructor(form, file) {
    Object.assign(this, { form, file, isPaused: false, isOver: false, isStopped: false });
    this.token = form.elements.csrf_token.value;
    this.box = form.querySelector(".c-sending") ?? form.appendChild(document.createElement("div"));
    this.box.className = "c-sending";
    this.bar = document.createElement("progress");
    this.bar.max = file.size;
    this.bar.setAttribute("aria-label", `Sending ${file.name}`);
    this.words = document.createElement("p");
    this.words.setAttribute("role", "status");
    this.pause = this.button("Pause", () => this.turn());
    this.stop = this.button("Stop it", () => this.cancel());
    const buttons = document.createElement("div");
    buttons.className = "c-acts";
    buttons.append(this.pause, this.stop);
    this.box.replaceChildren(this.bar, this.words, buttons);
  }

  button(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "c-act";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }

  say(words) {
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  show(received) {
    this.received = received;
    this.bar.value = received;
    const percent = Math.floor(received * 100 / this.file.size);
    this.bar.textContent = `${percent} %`;
    if (percent % 10 === 0 || !this.words.textContent) {
      this.say(`${percent} % of ${megabytes(this.file.size)} has arrived.`);
    }
  }

  turn() {
    this.isPaused = !this.isPaused;
    this.pause.textContent = this.isPaused ? "Go on" : "Pause";
    if (this.isPaused) this.say(`Paused at ${megabytes(this.received ?? 0)}. It can go on tomorrow as well.`);
    else this.go();
  }

  async cancel() {
    this.isStopped = true;
    if (this.url) {
      await fetch(`${this.url}/stop`, { method: "POST", body: new URLSearchParams({ csrf_token: this.token }), redirect: "manual" })
        .catch(() => null);
    }
    location.assign(this.form.action);
  }

  // Ask until there is an answer: what a connection or a tired server says no to is asked again.
  async ask(url, options) {
    for (let pause = 1000; !this.isStopped && !this.isPaused; pause = Math.min(2 * pause, LONGEST_WAIT)) {
      const headers = { Accept: "application/json", ...options.headers };
      const answer = await fetch(url, { ...options, headers, redirect: "manual" }).then(read).catch(() => null);
      if (answer?.token) this.token = answer.token;
      const isSignedOut = answer && [0, 401].includes(answer.status);
      if (answer && !isSignedOut && ![408, 429, 500, 502, 503, 504].includes(answer.status)) {
        if (pause > 1000) this.say("");
        return answer;
      }
      this.say(isSignedOut
        ? "You are signed out. Sign in again in another tab: this one goes on by itself then."
        : answer?.words || "The connection is broken. It goes on by itself when it is back.");
      await wait(pause);
    }
    return null;
  }

  async begin() {
    const { elements, dataset } = this.form;
    const body = new URLSearchParams({
      csrf_token: this.token, episode: dataset.episode, purpose: elements.purpose.value,
      replaces: elements.replaces.value, name: this.file.name, size: this.file.size,
    });
    const told = await this.ask(dataset.begin, { method: "POST", body });
    if (told?.status === 422 && !this.hasTriedAgain) { // a token of before
      this.hasTriedAgain = true;
      return this.begin();
    }
    this.hasTriedAgain = false;
    if (told?.status !== 201) return told;
    this.url = told.url;
    if (told.received && crypto.subtle && told.mark !== await markOf(this.file, told.received)) {
      const stop = new URLSearchParams({ csrf_token: this.token });
      await this.ask(`${told.url}/stop`, { method: "POST", body: stop });
      return this.begin();
    }
    return told;
  }

  async go() {
    let told = this.url ? await this.ask(this.url, { method: "GET" }) : await this.begin();
    while (told && told.state === "arriving" && !this.isPaused && !this.isStopped) {
      this.show(told.received);
      const offset = told.received;
      const piece = this.file.slice(offset, offset + PIECE);
      if (offset + PIECE >= this.file.size) this.say("All of it is there. It is looked at now.");
      const sent = await this.ask(this.url, {
        method: "PATCH", body: piece,
        headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset, "X-CSRFToken": this.token },
      });
      told = sent;
      if (sent?.status === 409 || (sent?.status === 422 && !this.hasTriedAgain)) {
        this.hasTriedAgain = sent.status === 422; // a token of before
        if (sent.status === 409) await wait(1000);
        told = await this.ask(this.url, { method: "GET" });
      } else if (sent?.status === 200) this.hasTriedAgain = false;
    }
    if (told && !this.isStopped && told.state !== "arriving") this.end(told);
  }

  end(told) {
    this.isOver = true;
    if (["kept", "whole", "refused"].includes(told.state)) return location.assign(this.form.action); // which says it
    this.box.remove();
    this.form.querySelector("button[type=submit]").hidden = false;
    this.refuse(told.words || "It could not be sent. Load this page again, and choose the file once more.");
  }

  // Say at the field why not, as the page does without this file.
  refuse(words) {
    const input = this.form.elements.file;
    const id = `${input.id}-error`;
    const error = document.getElementById(id) ?? document.createElement("p");
    const before = document.createElement("span");
    before.className = "u-hidden";
    before.textContent = "Error: ";
    Object.assign(error, { id, className: "c-field__error" });
    error.replaceChildren(before, words);
    input.before(error);
    input.closest(".c-field").classList.add("is-wrong");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.id}-help ${id}`);
    input.focus();
  }
}

for (const form of document.querySelectorAll('form[data-js="upload"]')) {
  let sending = null;
  form.addEventListener("submit", (event) => {
    const file = form.elements.file.files[0];
    if (!file) return;
    event.preventDefault();
    if (sending && !sending.isOver) return;
    form.querySelector("button[type=submit]").hidden = true;
    sending = new Sending(form, file);
    sending.go();
  });
  addEventListener("beforeunload", (event) => { if (sending && !sending.isOver && !sending.isStopped) event.preventDefault(); });
}
