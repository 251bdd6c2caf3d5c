// What a trainer enters waits on this device until the server has said that it is recorded. One item of localStorage per
// row, named rollcall.<person>.<session>.<row>, so that two tabs never overwrite each other's:
//   row, code, name, mark, remark, version (read), at (entered, ms)
//   tried  it may have reached the server: it is sent again as it was, and what is entered after it follows as `then`
//   refused {mark, remark, version, said}: somebody else's mark stands; the trainer chooses
//   gone   why the row cannot be marked any more
// An entry without mark is a remark on its own; it is kept but not sent.
"use strict";
const RollWaiting = (() => {
  const memory = new Map(); // where the browser gives no storage: entries live as long as the page
  let isKept = true;

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? memory.get(key) ?? "null");
    } catch {
      return JSON.parse(memory.get(key) ?? "null");
    }
  }

  function write(key, value) {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(key, text);
      memory.delete(key);
    } catch {
      memory.set(key, text);
      isKept = false;
    }
  }

  function remove(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // there was no storage: it lay in memory
    }
  }

  function keys(prefix) {
    let stored = [];
    try {
      stored = Object.keys(localStorage);
    } catch {
      // no storage
    }
    return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
  }

  return function open(person, personName, session) {
    const own = `rollcall.${person}.${session}.`;
    const rowOf = (key) => key.slice(key.lastIndexOf(".") + 1);
    const rowKeys = () => keys(own).filter((key) => /^\d+$/.test(rowOf(key)));
    const get = (row) => read(own + row);
    const put = (entry) => write(own + entry.row, entry);

    return {
      get,
      drop: (row) => remove(own + row),
      isKept: () => isKept,
      all: () => rowKeys().map(read).filter(Boolean).sort((one, other) => one.at - other.at),
      toSend: () => rowKeys().map(read).filter(canSend).sort((one, other) => one.at - other.at),

      // What the trainer means for a row now, over what was read as `version`.
      enter(row, { code, name, mark, remark, version }) {
        write(`rollcall.${person}.name`, personName);
        const before = get(row);
        const meant = { mark, remark, at: Date.now() };
        if (!mark && !remark) remove(own + row);
        else if (before && before.tried && !before.refused) put({ ...before, then: meant });
        else put({ row, code, name, ...meant, version: before?.refused?.version ?? version, tried: false });
      },

      trying(entries) {
        for (const entry of entries) put({ ...entry, tried: true });
      },

      // The server has answered for a row: recorded, gone, or somebody else's mark stands.
      settle(row, said) {
        const entry = get(row);
        if (!entry) return;
        const newest = { ...entry, ...entry.then, then: undefined, tried: false };
        const stands = { mark: said.mark, remark: said.remark, version: said.version, said: said.said };
        if (said.saved && !entry.then) remove(own + row);
        else if (said.saved) put({ ...newest, version: said.version });
        else if (said.version === entry.version) put({ ...newest, gone: said.said });
        else if (newest.mark === said.mark && newest.remark === said.remark) remove(own + row);
        else put({ ...newest, refused: stands });
      },

      // What the server was last known to have, so that the page can be opened without network.
      known: () => read(`${own}known`) || { rows: {}, counts: null },
      know: (value) => write(`${own}known`, value),

      // Others who left entries of this session on this device: [{name, count}].
      others() {
        const counts = new Map();
        for (const key of keys("rollcall.")) {
          const [, other, of, row] = key.split(".");
          if (of !== String(session) || other === String(person) || !/^\d+$/.test(row)) continue;
          counts.set(other, (counts.get(other) || 0) + 1);
        }
        return [...counts].map(([other, count]) => ({ name: read(`rollcall.${other}.name`) || "?", count }));
      },
    };
  };

  function canSend(entry) {
    return entry && entry.mark && !entry.refused && !entry.gone;
  }
})();
