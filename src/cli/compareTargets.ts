import { comparedLayer, type ComparedLayer } from '../core/batchnorm/comparing/layerPair';
import { fail, ok, type Result } from '../core/problem';
import { documentLayers } from './layers';
import { listNames, type Source, type SourceTensor, type Target } from './source';

/** A layer of a source, read when it is compared. */
export interface SideLayer {
  readonly name: string;
  /** Names of the tensors it is made of. */
  readonly tensors: readonly string[];
  readonly read: () => Promise<Result<ComparedLayer>>;
}

/** What two operands name, of a kind. */
export type CompareTargets =
  | { readonly kind: 'tensors'; readonly a: SourceTensor; readonly b: SourceTensor }
  | { readonly kind: 'layers'; readonly a: SideLayer; readonly b: SideLayer }
  | { readonly kind: 'files' };

/** The layers of a file or a document, in its order. */
export function sideLayers(source: Source): SideLayer[] {
  if (source.document) {
    return documentLayers(source, source.document).map(
      ({ name, channels, parameters, statement }) => ({
        name,
        tensors: Object.values(parameters),
        read: () => Promise.resolve(ok(comparedLayer(name, statement, channels))),
      }),
    );
  }
  return source.layers.map(({ found, read }) => ({
    name: found.name,
    tensors: Object.values(found.parameters),
    read: async () => {
      const statement = await read();
      if (!statement.ok) return statement;
      return ok(comparedLayer(found.name, statement.value, found.channels));
    },
  }));
}

/** Tensors where names say so, or where that is all there is; likewise layers; else all of both files. */
export function compareTargets(a: Target, b: Target): Result<CompareTargets> {
  if (a.name === undefined && b.name === undefined) {
    const [onlyA, onlyB] = [onlyItem(a.source), onlyItem(b.source)];
    return onlyA?.kind === 'tensor' && onlyB?.kind === 'tensor'
      ? ok({ kind: 'tensors', a: onlyA.tensor, b: onlyB.tensor })
      : ok({ kind: 'files' });
  }
  const itemA = itemOf(a, b.name);
  if (!itemA.ok) return itemA;
  const itemB = itemOf(b, a.name);
  if (!itemB.ok) return itemB;
  const [first, second] = [itemA.value, itemB.value];
  if (first.kind === 'tensor' && second.kind === 'tensor') {
    return ok({ kind: 'tensors', a: first.tensor, b: second.tensor });
  }
  if (first.kind === 'layer' && second.kind === 'layer') {
    return ok({ kind: 'layers', a: first.layer, b: second.layer });
  }
  const words = { tensor: 'a tensor', layer: 'a batch-norm layer' };
  return fail(
    'kinds-differ',
    `${describe(a)} is ${words[first.kind]}, and ${describe(b)} is ${words[second.kind]}: compare two of a kind.`,
  );
}

type Item =
  | { readonly kind: 'tensor'; readonly tensor: SourceTensor }
  | { readonly kind: 'layer'; readonly layer: SideLayer };

function describe({ source, name }: Target): string {
  return name === undefined ? source.label : `${source.label}#${name}`;
}

/** What is named; where nothing is, what the other operand names; else the only thing there is. */
function itemOf({ source, name }: Target, other: string | undefined): Result<Item> {
  const item =
    named(source, name ?? other ?? '') ?? (name === undefined ? onlyItem(source) : undefined);
  if (item) return ok(item);
  const layers = sideLayers(source);
  const shown = layers.slice(0, 12).map(layer => layer.name);
  const more = layers.length - shown.length;
  const heldLayers =
    shown.length === 0
      ? ''
      : `the layers ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}; as tensors `;
  const what =
    name === undefined
      ? `nothing called "${other ?? ''}": name what is compared after #, as in ${source.label}#NAME; it`
      : `nothing called "${name}": it`;
  return fail(
    'no-such-name',
    `${source.label} has ${what} holds ${heldLayers}${listNames(source)}.`,
  );
}

function named(source: Source, name: string): Item | undefined {
  const tensor = source.tensors.find(one => one.name === name);
  if (tensor) return { kind: 'tensor', tensor };
  const layer = sideLayers(source).find(one => one.name === name);
  return layer && { kind: 'layer', layer };
}

function onlyItem(source: Source): Item | undefined {
  const [tensor, layers] = [source.tensors[0], sideLayers(source)];
  if (tensor && source.tensors.length === 1 && layers.length === 0)
    return { kind: 'tensor', tensor };
  return layers[0] && layers.length === 1 ? { kind: 'layer', layer: layers[0] } : undefined;
}
