// Mounts GraphiQL. React, ReactDOM and GraphiQL are globals: the page's vendor scripts set them.
import { createStorage } from "/playground/storage.js";

const { React, ReactDOM, GraphiQL } = globalThis;
const config = JSON.parse(document.getElementById("playground-config").textContent);
const root = document.getElementById("playground");

showNotice(config.notice);
if (GraphiQL) {
  mount(await loadExamples());
} else {
  showMessage(`GraphiQL could not be loaded. The API itself answers at ${config.endpoint}.`);
}

function mount(examples) {
  // Every tab without headers of its own shows these, and GraphiQL never stores headers (see
  // shouldPersistHeaders), so a key from an earlier start of the server can't linger.
  const headers = config.writeKey
    ? JSON.stringify({ Authorization: `Bearer ${config.writeKey}` }, null, 2)
    : undefined;

  const h = React.createElement;
  ReactDOM.createRoot(root).render(
    h(
      GraphiQL,
      {
        fetcher,
        storage: createStorage({ version: config.version, headers }),
        defaultTabs: examples.map((query) => ({ query })),
        defaultQuery: "",
        defaultHeaders: headers,
        defaultEditorToolsVisibility: false,
        shouldPersistHeaders: false,
      },
      h(GraphiQL.Logo, null, h("span", { className: "brand", title: `Taproom ${config.version}` }, "Taproom")),
    ),
  );
}

async function fetcher(params, options) {
  const headers = new Headers({
    "Content-Type": "application/json",
    Accept: "application/graphql-response+json, application/json;q=0.9",
  });
  for (const [name, value] of Object.entries(options?.headers ?? {})) {
    headers.set(name, value);
  }
  const response = await fetch(config.endpoint, {
    method: "POST",
    headers,
    body: JSON.stringify(params),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status} ${response.statusText}: ${text}` }] };
  }
}

// examples.graphql is one valid document; a line of dashes in a comment ends each tab.
async function loadExamples() {
  const response = await fetch("/playground/examples.graphql").catch(() => null);
  const text = response?.ok ? await response.text() : "";
  return text.split(/^# -{3,}\s*$/m).map((part) => part.trim() + "\n");
}

function showNotice(text) {
  const notice = document.getElementById("notice");
  notice.textContent = text ?? "";
  notice.hidden = !text;
}

function showMessage(text) {
  const message = document.createElement("p");
  message.className = "message";
  message.textContent = text;
  root.replaceChildren(message);
}
