import type { ParameterName } from '../layer';

/** What a tensor is to its layer. */
export type TensorRole = ParameterName | 'batchesTracked';

/** A tensor's name, taken apart. */
export interface NamedRole {
  /** The layer's path; empty for a file that is one layer. */
  readonly layer: string;
  readonly role: TensorRole;
}

/**
 * How one framework names a layer's tensors in its files: a file beside the others and a line in
 * registry.ts. A group of tensors is a layer where it has a mean and a variance and all are vectors of one length.
 */
export interface NamingFamily {
  readonly id: string;
  /** Convention id, where the names alone tell it. */
  readonly convention?: string;
  /** Whether a mean and a variance alone are no layer: their names are too general, or gamma and beta never lack. */
  readonly needsAffine?: boolean;
  /** @returns undefined for a name that is not of this family */
  readonly roleOf: (name: string) => NamedRole | undefined;
}

/**
 * A family whose names are a path and a last word: `features.1.running_mean`.
 * @param words what the last word is for
 */
export function lastWordFamily(
  family: Omit<NamingFamily, 'roleOf'>,
  words: Readonly<Record<string, TensorRole>>,
): NamingFamily {
  const roles = new Map(Object.entries(words));
  return {
    ...family,
    roleOf: name => {
      const { path, last } = cutLast(name);
      const role = roles.get(last);
      return role && { layer: path, role };
    },
  };
}

/** Cuts a name at its last point or slash. */
export function cutLast(name: string): { readonly path: string; readonly last: string } {
  const cut = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
  return { path: name.slice(0, Math.max(0, cut)), last: name.slice(cut + 1) };
}
