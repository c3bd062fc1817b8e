// Enhancement only: the slow lane's question can be answered without this file, and stands there
// again if anything fails here. A worker does ALTCHA's proof of work in its place; a form that is
// sent in the meantime waits for it.
for (const lane of document.querySelectorAll('[data-js="slow-lane"]')) {
  const question = lane.querySelector("[data-question]");
  const { altcha, slow_answer: answer } = question.closest("form").elements;
  const { form } = altcha;
  const challenge = JSON.parse(lane.dataset.challenge);
  const said = document.createElement("p");
  said.className = "c-field__help";
  said.setAttribute("role", "status");
  lane.append(said);
  let isWorking = false;
  let isWaiting = false;
  let sender;

  const finish = (solution) => {
    isWorking = false;
    if (solution?.derivedKey) {
      altcha.value = btoa(JSON.stringify({ challenge, solution }));
      said.textContent = "Done: your browser has answered it for you.";
      if (isWaiting) form.requestSubmit(sender);
    } else {
      question.hidden = false;
      said.textContent = "";
      if (isWaiting) answer.focus();
    }
  };
  const begin = () => {
    const worker = new Worker(lane.dataset.worker);
    worker.addEventListener("message", ({ data }) => { finish(data); worker.terminate(); });
    worker.addEventListener("error", () => { finish(); });
    worker.postMessage({ type: "work", challenge });
    isWorking = true;
    question.hidden = !answer.matches("[aria-invalid]");
    said.textContent = "One moment: your browser is answering a small question for you.";
  };
  form.addEventListener("submit", (event) => {
    if (!isWorking || answer.value.trim()) return;
    event.preventDefault();
    isWaiting = true;
    sender = event.submitter;
    said.textContent = "One moment: it goes as soon as your browser is done.";
  });
  // An address without HTTPS has no crypto.subtle.
  if (globalThis.crypto?.subtle && form.requestSubmit) begin();
}
