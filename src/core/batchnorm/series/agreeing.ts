/** A checkpoint's layers, as far as checkpoints of one run must agree on them. */
export interface MemberShape {
  readonly layers: readonly { readonly name: string; readonly channels: number }[];
}

/**
 * Checkpoints that are not of the same model as most: each with the reason, which completes "it was left out:".
 * One that only has fewer layers agrees.
 * @returns by member; undefined where it agrees
 */
export function disagreements(members: readonly MemberShape[]): readonly (string | undefined)[] {
  const usual = usualChannels(members);
  return members.map(({ layers }) => {
    if (layers.length === 0) return 'no batch-norm layer was found in it.';
    const shared = layers.filter(({ name }) => (usual.get(name)?.members ?? 0) > 1);
    if (shared.length === 0 && members.length > 1) {
      return 'none of its batch-norm layers is in another checkpoint.';
    }
    const odd = layers.find(({ name, channels }) => usual.get(name)?.channels !== channels);
    if (odd === undefined) return undefined;
    const others = usual.get(odd.name)?.channels ?? 0;
    return `${odd.name} has ${odd.channels} channels in it, and ${others} in the others.`;
  });
}

interface Usual {
  readonly channels: number;
  /** Members that have a layer of this name. */
  readonly members: number;
}

/** For each layer the number of channels that most members give it; of several, the first met. */
function usualChannels(members: readonly MemberShape[]): ReadonlyMap<string, Usual> {
  const counts = new Map<string, Map<number, number>>();
  for (const { name, channels } of members.flatMap(({ layers }) => layers)) {
    const ofName = counts.get(name) ?? new Map<number, number>();
    counts.set(name, ofName.set(channels, (ofName.get(channels) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([name, ofName]) => {
      const most = Math.max(...ofName.values());
      const all = [...ofName.values()].reduce((sum, count) => sum + count, 0);
      const channels = [...ofName].find(([, count]) => count === most)?.[0] ?? 0;
      return [name, { channels, members: all }];
    }),
  );
}
