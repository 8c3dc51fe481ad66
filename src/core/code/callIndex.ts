import { pathAt } from './bindings';
import type { Call } from './calls';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** Parts of a dotted name by which a call is found. */
const mostParts = 6;

/** Calls by what they are made on and what they are given. */
export class CallIndex {
  readonly #on = new Map<string, Call[]>();
  readonly #about = new Map<string, Call[]>();
  readonly #ofResult = new Map<number, Call>();

  static *of(tokens: Tokens, calls: readonly Call[]): Steps<CallIndex> {
    const index = new CallIndex();
    for (const [turn, call] of calls.entries()) {
      if ((turn & (stepMask >> 3)) === stepMask >> 3) yield;
      index.add(tokens, call);
    }
    return index;
  }

  private add(tokens: Tokens, call: Call): void {
    if (call.of !== undefined) this.#ofResult.set(call.of, call);
    else for (const prefix of prefixes(call.path)) add(this.#on, prefix, call);
    const [first] = call.arguments;
    const given = first?.index === 0 ? pathAt(tokens, first.value.first) : undefined;
    if (given && given.next === first?.value.end) {
      for (const prefix of prefixes(given.path)) add(this.#about, prefix, call);
    }
  }

  /** Calls of a path itself, of its methods and of those of its attributes: `bn()`, `bn.eval()`, `bn.weight.fill_()`. */
  on(path: string): readonly Call[] {
    return this.#on.get(path) ?? [];
  }

  /** Calls whose first argument is a path, or an attribute of it: `init.ones_(bn.weight)`. */
  about(path: string): readonly Call[] {
    return this.#about.get(path) ?? [];
  }

  /** The call of what another call, that ends at a token, gives: of it (`f(x)(y)`) or of a method of it (`f(x).g(y)`). */
  ofResult(close: number): Call | undefined {
    return this.#ofResult.get(close);
  }
}

function add(map: Map<string, Call[]>, key: string, call: Call): void {
  const known = map.get(key);
  if (known) known.push(call);
  else map.set(key, [call]);
}

function prefixes(path: string): readonly string[] {
  const found: string[] = [];
  for (
    let dot = path.indexOf('.', 1);
    dot > 0 && found.length < mostParts;
    dot = path.indexOf('.', dot + 1)
  ) {
    found.push(path.slice(0, dot));
  }
  if (path !== '') found.push(path);
  return found;
}
