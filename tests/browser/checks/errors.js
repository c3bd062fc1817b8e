// What the summary of errors says, and what the fields say: pairs of (id of the control, sentence).
() => {
  const said = (id) => {
    const message = document.getElementById(id).cloneNode(true);
    message.querySelectorAll(".u-hidden").forEach((prefix) => prefix.remove());
    return message.textContent.trim();
  };
  const summary = document.querySelector("[role=alert]:has(a[href^='#'])");
  const atFields = [...document.querySelectorAll("[aria-invalid=true]")].flatMap((field) =>
    field.getAttribute("aria-describedby").split(" ").filter((id) => id.endsWith("-error"))
      .map((id) => [id.replace(/-error$/, ""), said(id)]));
  return {
    summary: [...summary.querySelectorAll("a")].map((link) => [link.hash.slice(1), link.textContent.trim()]),
    fields: atFields,
    focus: document.activeElement === summary,
    controls: [...summary.querySelectorAll("a")].map((link) => document.getElementById(link.hash.slice(1))?.matches("input, select, textarea")),
  };
}
