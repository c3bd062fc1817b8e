// The writing page works without this file. Where there is room it shows the page beside the form, as readers will
// see it, anew each time that what is typed has been kept (keeping.js).
const writing = document.querySelector('[data-js="writing"]');
const wide = matchMedia("(min-width: 80em)");
let frame = null;

const show = () => {
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
};
writing.addEventListener("kept", show);
wide.addEventListener("change", show);
show();
