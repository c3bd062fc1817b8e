// Everything of a page that a key could change.
() => ({
  address: location.href,
  focus: named(document.activeElement),
  page: document.documentElement.outerHTML,
  typed: [...document.querySelectorAll("input, textarea, select")].map((field) => `${field.value} ${field.checked}`),
})
