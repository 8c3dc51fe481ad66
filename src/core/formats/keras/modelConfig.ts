/** What a Keras model's configuration says of one batch-norm layer. */
export interface KerasBatchNorm {
  /** The layer's own name, without those of the models and wrappers around it. */
  readonly name: string;
  /** Names of the models and wrappers around it, outermost first. */
  readonly within: readonly string[];
  readonly axis: number | undefined;
  readonly epsilon: number | undefined;
  readonly momentum: number | undefined;
  /** Whether it has beta. */
  readonly center: boolean;
  /** Whether it has gamma. */
  readonly scale: boolean;
  readonly trainable: boolean | undefined;
}

/** Objects looked at in a configuration; the largest published models have some ten thousand. */
const visitLimit = 1_000_000;

/**
 * The batch-norm layers of a configuration, at any depth: those of nested models and of wrappers too.
 * A custom subclass counts as one where it has what only batch norm has.
 * @param config `model_config`, `config.json` or `modelTopology`, parsed
 */
export function findBatchNorms(config: unknown): KerasBatchNorm[] {
  const found: KerasBatchNorm[] = [];
  const open: { readonly value: unknown; readonly within: readonly string[] }[] = [];
  let next: (typeof open)[number] | undefined = { value: config, within: [] };
  for (let visits = 0; next !== undefined && visits < visitLimit; visits++) {
    const { value, within } = next;
    if (typeof value === 'object' && value !== null) {
      const layer = readLayer(value, within);
      if (layer) found.push(layer);
      else {
        const name = nameOf(value);
        const inside = name === undefined ? within : [...within, name];
        // Pushed backwards, so that layers are found in the file's order.
        const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
        for (let i = children.length - 1; i >= 0; i--) {
          open.push({ value: children[i], within: inside });
        }
      }
    }
    next = open.pop();
  }
  return found;
}

/** Name of the model or layer that an object configures. */
function nameOf(value: object): string | undefined {
  const config = property(value, 'config');
  if (typeof config !== 'object' || config === null) return undefined;
  const name = property(config, 'name');
  return typeof name === 'string' ? name : undefined;
}

function readLayer(value: object, within: readonly string[]): KerasBatchNorm | undefined {
  const config = property(value, 'config');
  const name = nameOf(value);
  if (typeof config !== 'object' || config === null || name === undefined) return undefined;
  if (!('moving_variance_initializer' in config && 'epsilon' in config)) return undefined;
  return {
    name,
    within,
    axis: readAxis(property(config, 'axis')),
    epsilon: number(property(config, 'epsilon')),
    momentum: number(property(config, 'momentum')),
    center: property(config, 'center') !== false,
    scale: property(config, 'scale') !== false,
    trainable: boolean(property(config, 'trainable')),
  };
}

/** A number, or a list of one, which TensorFlow writes after the layer is built. */
function readAxis(value: unknown): number | undefined {
  const axis: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof axis === 'number' && Number.isInteger(axis) ? axis : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function property(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
