// What GraphiQL remembers, and where.
//
// - Tabs live in sessionStorage: a reload keeps what was typed, a new visit starts with the
//   examples. The version is part of the key, so a new version's examples replace the old ones.
// - History and looks (theme, sizes) live in localStorage. GraphiQL would write each request's
//   headers into the history; they are left out, so that no key is ever stored, and come back as
//   the headers of the present page.

const TABS = new Set(["tabState", "query", "variables", "headers", "operationName"].map((key) => `graphiql:${key}`));
const HISTORY = new Set(["graphiql:queries", "graphiql:favorites"]);

export function createStorage({ version, headers }) {
  const prefix = "taproom:";
  const local = open("localStorage");
  const session = open("sessionStorage");
  const place = (key) =>
    TABS.has(key) ? [session, `${prefix}${version}:${key}`] : [local, `${prefix}${key}`];
  const ownKeys = (store) => Object.keys(store).filter((key) => key.startsWith(prefix));

  return {
    getItem(key) {
      const [store, name] = place(key);
      const value = store[name] ?? null;
      return value !== null && HISTORY.has(key) ? withHeaders(value, headers) : value;
    },
    setItem(key, value) {
      const [store, name] = place(key);
      store[name] = HISTORY.has(key) ? withHeaders(value, undefined) : value;
    },
    removeItem(key) {
      const [store, name] = place(key);
      delete store[name];
    },
    clear() {
      for (const store of [local, session]) {
        for (const key of ownKeys(store)) delete store[key];
      }
    },
    get length() {
      return ownKeys(local).length + ownKeys(session).length;
    },
  };
}

// The browser's storage, or a plain object where the browser denies it.
function open(name) {
  try {
    return globalThis[name] ?? {};
  } catch {
    return {};
  }
}

// `json` is {"queries": [...]} or {"favorites": [...]}.
function withHeaders(json, headers) {
  return JSON.stringify(JSON.parse(json), (key, value) =>
    value && typeof value === "object" && "query" in value ? { ...value, headers } : value,
  );
}
