// Passkeys: a form with `data-options` asks the browser, and sends what it answers. Where there is
// no JavaScript, or the browser has no passkeys at this address, the form stays hidden.
(() => {
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));

  const ask = async (options) => {
    const publicKey = { ...options, challenge: toBytes(options.challenge) };
    if (!options.user) {
      publicKey.allowCredentials = listed(options.allowCredentials);
      return navigator.credentials.get({ publicKey });
    }
    publicKey.user = { ...options.user, id: toBytes(options.user.id) };
    publicKey.excludeCredentials = listed(options.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  };

  const answerOf = ({ id, type, rawId, response }) => {
    const said = { clientDataJSON: toText(response.clientDataJSON) };
    if (response.attestationObject) {
      said.attestationObject = toText(response.attestationObject);
      said.transports = response.getTransports ? response.getTransports() : [];
    } else {
      said.authenticatorData = toText(response.authenticatorData);
      said.signature = toText(response.signature);
      if (response.userHandle) said.userHandle = toText(response.userHandle);
    }
    return JSON.stringify({ id, type, rawId: toText(rawId), response: said });
  };

  const isAddress = /^[\d.]+$|^\[/.test(location.hostname); // passkeys are bound to a name
  if (!window.PublicKeyCredential || !window.isSecureContext || isAddress) return;

  for (const form of document.querySelectorAll("[data-js=passkey]")) {
    form.hidden = false;
    for (const other of document.querySelectorAll("[data-js=passkey-else]")) other.hidden = true;
    const line = form.querySelector("[data-js=passkey-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      line.textContent = "";
      try {
        const answer = await ask(JSON.parse(form.dataset.options));
        form.elements.credential.value = answerOf(answer);
        form.submit();
      } catch (error) {
        line.textContent = error.name === "InvalidStateError" ? line.dataset.known : line.dataset.refused;
        line.tabIndex = -1;
        line.focus();
      }
    });
  }
})();
