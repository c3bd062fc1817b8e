// A rundown works without this file. It adds a handle to drag a question by, which sends the whole
// order once, and the button that prints. Whoever has no pointer uses the buttons.
const print = document.querySelector('[data-js="print"]');
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const list = document.querySelector('[data-js="run"]');
const form = document.querySelector("#order");

const orderOf = () => [...list.children].map((row) => row.id).join();

function follow(row, y) {
  for (const other of list.children) {
    if (other === row) continue;
    const box = other.getBoundingClientRect();
    if (y < box.top || y > box.bottom) continue;
    const below = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (below && y > box.top + box.height / 2) other.after(row);
    else if (!below && y < box.top + box.height / 2) other.before(row);
    return;
  }
}

function addHandle(row) {
  const handle = document.createElement("span");
  handle.className = "c-act c-run__handle";
  handle.textContent = "Drag";
  handle.setAttribute("aria-hidden", "true"); // the buttons beside it do the same
  row.querySelector(".c-run__steps").append(handle);

  let before = "";
  handle.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    before = orderOf();
    handle.setPointerCapture(event.pointerId);
    row.classList.add("is-held");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!before) return;
    follow(row, event.clientY);
    if (!handle.hasPointerCapture(event.pointerId)) handle.setPointerCapture(event.pointerId);
  });
  const drop = (event) => {
    if (!before) return;
    const isMoved = before !== orderOf();
    before = "";
    row.classList.remove("is-held");
    if (isMoved && event.type === "pointerup") form.requestSubmit();
    else if (isMoved) location.reload();
  };
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", drop);
}

if (list && form && list.children.length > 1) [...list.children].forEach(addHandle);
