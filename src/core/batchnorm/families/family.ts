import type { ParameterName } from '../layer';

/** What a tensor is to its layer. */
export type TensorRole = ParameterName | 'batchesTracked';

/** A tensor's name, taken apart. */
export interface NamedRole {
  /** The layer's path; empty for a file that is one layer. */
  readonly layer: string;
  readonly role: TensorRole;
}

/** What a family makes of names with one last part. */
export interface Ending {
  /** All that such a name can be. */
  readonly roles: readonly TensorRole[];
  /**
   * Takes a name apart; absent where the last part has one role and the layer is what stands before it.
   * @returns undefined for a name that is not of this family after all
   */
  readonly takeApart?: (name: string) => NamedRole | undefined;
}

/**
 * How one framework names a layer's tensors in its files: a file beside the others and a line in
 * registry.ts. A group of tensors is a layer where it has a mean and a variance and all are vectors of one length.
 */
export interface NamingFamily {
  readonly id: string;
  /** Convention id, where the names alone tell it. */
  readonly convention?: string;
  /** Convention ids by the ids of formats in which these names are another framework's. */
  readonly conventionIn?: Readonly<Record<string, string>>;
  /** Whether a mean and a variance alone are no layer: their names are too general, or gamma and beta never lack. */
  readonly needsAffine?: boolean;
  /**
   * What the statistics are called, where only batch norm calls a tensor so beside its others, and the layer is
   * what stands before the last word: a group that lacks one of them is then a broken layer.
   */
  readonly statistics?: Readonly<Record<'movingMean' | 'movingVariance', string>>;
  /**
   * Asked once for each last part of the names of a file, of which there are few: most families are done with then.
   * @param last what stands after a name's last point or slash
   * @returns undefined where no name that ends in it is of this family
   */
  readonly ending: (last: string) => Ending | undefined;
}

/**
 * A family whose names are a path and a last word: `features.1.running_mean`.
 * @param words what the last word is for
 */
export function lastWordFamily(
  family: Omit<NamingFamily, 'ending'>,
  words: Readonly<Record<string, TensorRole>>,
): NamingFamily {
  const endings = new Map(Object.entries(words).map(([word, role]) => [word, { roles: [role] }]));
  return { ...family, ending: last => endings.get(last) };
}

/** Cuts a name at its last point or slash. */
export function cutLast(name: string): { readonly path: string; readonly last: string } {
  const cut = lastCut(name);
  return { path: name.slice(0, Math.max(0, cut)), last: name.slice(cut + 1) };
}

/** Where a name's last point or slash is; −1 where it has none. */
export function lastCut(name: string): number {
  return Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
}
