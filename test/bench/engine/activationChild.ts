// Loads dist/extension.js and runs `activate` where every API of VS Code answers at once: prints the
// processor's time for both in milliseconds, which is our own code's and does not grow with what else runs.
import Module from 'node:module';

const [bundle] = process.argv.slice(2) as [string];

/** Anything that is asked of it: a namespace, a class, an enum, a function, a value. */
function anything(): object {
  const target = function (this: unknown): unknown {
    return this;
  };
  return new Proxy(target, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive) return () => 'anything';
      if (key === Symbol.iterator) return () => [].values();
      if (key === 'then') return undefined;
      return key === 'prototype' ? (target.prototype as unknown) : anything();
    },
    set: () => true,
    apply: anything,
    construct: anything,
  });
}

const members = anything();
// What esbuild makes of a module has the module's prototype, and so its members.
const vscode = new Proxy({}, { getPrototypeOf: () => members });

interface Loader {
  _load: (request: string, ...rest: readonly unknown[]) => unknown;
}

const loader = Module as unknown as Loader;
const load = loader._load.bind(Module);
loader._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const before = process.cpuUsage();
const extension = load(bundle, null, false) as { readonly activate: (context: unknown) => void };
extension.activate(anything());
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
process.exit(0);
