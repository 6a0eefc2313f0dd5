// Loaded before the command by bench/start-up.ts: notes when a run reaches each of its phases, by what it does to the
// outside, and writes them at its end to the file that START_UP_MARKS names.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

const marks = {};
const file = process.env["START_UP_MARKS"];

function mark(name) {
  marks[name] ??= performance.now();
}

/** Call `note` with the arguments of each call of a method. */
function watch(owner, method, note) {
  const original = owner[method];
  owner[method] = function watched(...given) {
    note(...given);
    return Reflect.apply(original, this, given);
  };
}

mark("boot of Node");
watch(fs, "readFileSync", (path) => {
  if (/\/jobs\/dist\/[a-z-]+\.js$/.test(String(path))) mark("imports of the command");
});
watch(fs, "mkdtempSync", (prefix) => {
  if (/run-\d+-$/.test(String(prefix))) mark("bundle and load of the job");
});
let orders = 0;
watch(threads.MessagePort.prototype, "postMessage", (message) => {
  if (message?.kind !== "run") return;
  mark(orders === 0 ? "coordinator, worker, plan" : "from map to reduce");
  orders += 1;
});
let ended = 0;
/** Listeners are called through one that looks at the message first. */
threads.MessagePort.prototype.on = new Proxy(Reflect.get(threads.MessagePort.prototype, "on"), {
  apply: (on, port, [name, listener]) => {
    if (name !== "message") return Reflect.apply(on, port, [name, listener]);
    const noting = (message) => {
      if (message?.kind === "ready") mark("(compute thread seen ready)");
      if (message?.kind === "ended") {
        mark(ended === 0 ? "map" : "reduce");
        ended += 1;
      }
      listener(message);
    };
    return Reflect.apply(on, port, [name, noting]);
  },
});
syncBuiltinESMExports();
process.on("exit", () => {
  mark("publish and close");
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(marks));
});
