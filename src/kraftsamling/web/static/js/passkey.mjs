// Passkeys: asks the browser for one, and sends what it answers in an ordinary form.
// The buttons are shown only where JavaScript runs and the browser knows passkeys.

const toBytes = (text) => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (descriptors) =>
  descriptors?.map((each) => ({ ...each, id: toBytes(each.id) })) ?? [];

async function askForPasskey({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return answer(credential, {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle && toText(userHandle),
  });
}

async function makePasskey({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      // Signs in by itself: kept on the device, and opened by its lock.
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
  const { clientDataJSON, attestationObject } = credential.response;
  return answer(credential, {
    clientDataJSON: toText(clientDataJSON),
    attestationObject: toText(attestationObject),
    transports: credential.response.getTransports?.() ?? [],
  });
}

function answer(credential, response) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function fetchOptions(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return (await response.json()).request_options;
}

const onPage = () => JSON.parse(document.getElementById("js_data").textContent);

const CEREMONIES = {
  "sign-in": async (form) => askForPasskey(await fetchOptions(form.action)),
  confirm: async () => askForPasskey(onPage().request_options),
  add: async () => makePasskey(onPage().creation_options),
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  const button = form.querySelector("[data-passkey-button]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    trouble.textContent = trouble.dataset.unsupported;
    continue;
  }
  const perform = async () => {
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    trouble.textContent = "";
    try {
      const credential = await CEREMONIES[form.dataset.passkey](form);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      // Most often someone who changed their mind: the page stays as it was.
      trouble.textContent = trouble.dataset.failed;
      console.info("passkey:", error.name);
    } finally {
      delete form.dataset.busy;
      button.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    perform();
  });
  form.dataset.passkeyReady = "";
}
