/** The user's settings `normscope.hover.*`. */
export interface HoverSettings {
  readonly enabled: boolean;
  /** Fewest numbers of a nested literal without a tensor constructor around it. */
  readonly minimumElements: number;
  /** Fewest numbers of a flat list without one: most lists in code are no tensors. */
  readonly minimumListElements: number;
}

export const defaultHoverSettings: HoverSettings = {
  enabled: true,
  minimumElements: 4,
  minimumListElements: 16,
};

/** @param read the value of one setting, whatever its type */
export function parseHoverSettings(read: (key: string) => unknown): HoverSettings {
  const count = (key: 'minimumElements' | 'minimumListElements'): number => {
    const value = read(key);
    return typeof value === 'number' && value >= 1 ? value : defaultHoverSettings[key];
  };
  return {
    enabled: read('enabled') !== false,
    minimumElements: count('minimumElements'),
    minimumListElements: count('minimumListElements'),
  };
}
