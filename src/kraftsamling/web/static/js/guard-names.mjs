// The names of the city's places, streets and organisations, for the guard of guarded texts: one
// file for all of them, which the browser keeps. What a field knows by itself is kept beside.
const MADE = "data-privacy-names-given";
const fetched = new Map();

/** Put the names where the guard of each field looks for them. Never fails: without them the guard
    merely warns more often. */
export async function giveNames(root) {
  const fields = [...root.querySelectorAll(`[data-privacy-names]:not([${MADE}])`)];
  await Promise.all(fields.map(give));
}

async function give(field) {
  field.setAttribute(MADE, "");
  const names = await namesFrom(field.dataset.privacyNames);
  if (!names.length) return;
  const own = document.getElementById(field.dataset.privacyContext ?? "");
  if (own) {
    const known = JSON.parse(own.textContent);
    own.textContent = JSON.stringify({ ...known, names: [...(known.names ?? []), ...names] });
    return;
  }
  field.dataset.privacyContext = sharedElement(names).id;
}

function namesFrom(address) {
  if (!fetched.has(address)) {
    fetched.set(
      address,
      fetch(address)
        .then((answer) => (answer.ok ? answer.json() : { names: [] }))
        .then(({ names }) => names)
        .catch(() => []),
    );
  }
  return fetched.get(address);
}

function sharedElement(names) {
  const id = "ks-guard-names";
  const found = document.getElementById(id);
  if (found) return found;
  const made = document.createElement("script");
  made.type = "application/json";
  made.id = id;
  made.textContent = JSON.stringify({ names });
  document.body.append(made);
  return made;
}
