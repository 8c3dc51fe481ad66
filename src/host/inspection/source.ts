import type { TextRange } from '../../core/problem';
import { isIndex, isRecord, type Fields } from '../guards';

/** Where an inspection gets its tensor. Plain JSON, so that it survives a reload. */
export type InspectionSource =
  /** A whole run file: the open document where there is one, else the file. */
  | { readonly kind: 'resource'; readonly uri: string }
  /** A literal in the text of a document; `range` moves as the text around it is edited. */
  | {
      readonly kind: 'literal';
      readonly uri: string;
      readonly range: TextRange;
      /** What it was assigned to when it was opened; empty where nothing names it. */
      readonly name: string;
    }
  /** A tensor of a tensor file, as an input. */
  | { readonly kind: 'tensor'; readonly uri: string; readonly name: string }
  /** A batch-norm layer of a tensor file, over an input from elsewhere. */
  | {
      readonly kind: 'layer';
      readonly uri: string;
      readonly name: string;
      readonly input: LayerInput;
    }
  | VariableSource
  | ModuleSource
  | CallSource;

/** A tensor of a program that is being debugged: an expression, in the frames of one function. */
export interface VariableSource {
  readonly kind: 'variable';
  /** Of the function's source. */
  readonly uri: string;
  /** The expression, as the program's language has it. */
  readonly name: string;
  /** Name of the function, as the debugger has it; {@link kernelFrame} for a variable of a notebook, which is `uri`. */
  readonly frame: string;
}

/** The frame of what the kernel of a notebook holds. */
export const kernelFrame = '';

/** A batch-norm layer of such a program, over an input from elsewhere. */
export interface ModuleSource extends Omit<VariableSource, 'kind'> {
  readonly kind: 'module';
  readonly input: LayerInput;
}

/** A batch-norm call in code, set up as its arguments say. */
export interface CallSource {
  readonly kind: 'call';
  readonly uri: string;
  /** Of what is called, without its arguments; it moves as the text around it is edited. */
  readonly range: TextRange;
  /** Of the layer, or what is called, as spelled. */
  readonly name: string;
  readonly input: LayerInput;
}

/** What a layer of a file, of a program or of code is run over. */
export type LayerInput =
  /** What a call is given, where the code tells; else what is generated with this seed. */
  | { readonly kind: 'own'; readonly seed: number }
  /** Drawn from the layer's own moving statistics. */
  | { readonly kind: 'generated'; readonly seed: number }
  /** The input of another source. */
  | { readonly kind: 'source'; readonly source: InputSource };

/** A source that has an input of its own. */
export type InputSource = Exclude<InspectionSource, { readonly kind: 'layer' | 'module' | 'call' }>;

/** A layer without an input of its own. */
export type LayerSource = Exclude<InspectionSource, InputSource>;

export function isLayerSource(source: InspectionSource): source is LayerSource {
  return source.kind === 'layer' || source.kind === 'module' || source.kind === 'call';
}

/** @returns undefined unless the value is a source */
export function parseSource(value: unknown): InspectionSource | undefined {
  if (!isRecord(value) || typeof value.uri !== 'string') return undefined;
  const { kind, uri, name } = value;
  if (kind === 'resource') return { kind, uri };
  if (kind === 'tensor') return typeof name === 'string' ? { kind, uri, name } : undefined;
  if (kind === 'layer') {
    const input = parseLayerInput(value.input);
    return typeof name === 'string' && input ? { kind, uri, name, input } : undefined;
  }
  if (kind === 'variable' || kind === 'module') return parseVariable(kind, value, uri);
  const range = parseRange(value.range);
  if (!range) return undefined;
  const ranged = { uri, range, name: typeof name === 'string' ? name : '' };
  if (kind === 'literal') return { kind, ...ranged };
  const input = kind === 'call' ? parseLayerInput(value.input) : undefined;
  return input && { kind: 'call', ...ranged, input };
}

function parseRange(value: unknown): TextRange | undefined {
  if (!isRecord(value)) return undefined;
  const { start, end } = value;
  return isIndex(start) && isIndex(end) && end >= start ? { start, end } : undefined;
}

function parseVariable(
  kind: 'variable' | 'module',
  { name, frame, input: given }: Fields,
  uri: string,
): InspectionSource | undefined {
  if (typeof name !== 'string' || typeof frame !== 'string') return undefined;
  if (kind === 'variable') return { kind, uri, name, frame };
  const input = parseLayerInput(given);
  return input && { kind, uri, name, frame, input };
}

function parseLayerInput(value: unknown): LayerInput | undefined {
  if (!isRecord(value)) return undefined;
  if (value.kind === 'generated' || value.kind === 'own') {
    return isIndex(value.seed) ? { kind: value.kind, seed: value.seed } : undefined;
  }
  const source = value.kind === 'source' ? parseSource(value.source) : undefined;
  return source && !isLayerSource(source) ? { kind: 'source', source } : undefined;
}

/** Every file or document that a source is read from: what a program holds is read from none. */
export function urisOf(source: InspectionSource): readonly string[] {
  const own = isOfProgram(source) ? [] : [source.uri];
  if (!isLayerSource(source) || source.input.kind !== 'source') return own;
  return [...new Set([...own, ...urisOf(source.input.source)])];
}

function isOfProgram({ kind }: InspectionSource): boolean {
  return kind === 'variable' || kind === 'module';
}

/** Whether the source, or the input of its layer, is of a program that is being debugged. */
export function readsProgram(source: InspectionSource): boolean {
  if (isOfProgram(source)) return true;
  return isLayerSource(source) && source.input.kind === 'source'
    ? readsProgram(source.input.source)
    : false;
}

/** Whether the source, or the input of its layer, is of the kernel of a notebook. */
export function readsKernel(source: InspectionSource, notebook: string): boolean {
  if (source.kind === 'variable' || source.kind === 'module') {
    if (source.frame === kernelFrame && source.uri === notebook) return true;
  }
  return isLayerSource(source) && source.input.kind === 'source'
    ? readsKernel(source.input.source, notebook)
    : false;
}

/** Those of them that are read from the disk even where an editor holds them as text: tensor files. */
export function diskUrisOf(source: InspectionSource): readonly string[] {
  if (source.kind === 'tensor') return [source.uri];
  if (!isLayerSource(source)) return [];
  const { input } = source;
  const own = source.kind === 'layer' ? [source.uri] : [];
  return [...own, ...(input.kind === 'source' ? diskUrisOf(input.source) : [])];
}

/** What an inspection of it is called: `seed.bn.json`, `x · train.py`, or `features.1 · model.pt`. */
export function sourceTitle(source: InspectionSource): string {
  const file = baseName(source.uri);
  return source.kind !== 'resource' && source.name !== '' ? `${source.name} · ${file}` : file;
}

/** Characters of a tensor's name that a tab has room for. */
const tabWidth = 28;

/** A name for a tab: its last parts, for a tab is cut at the end, where names differ. */
export function shortName(name: string): string {
  let rest = name;
  while (rest.length > tabWidth) {
    const next = /^[^./]*[./]+(?=[^./])/.exec(rest)?.[0].length;
    if (next === undefined) break;
    rest = rest.slice(next);
  }
  return rest === name ? name : `…${rest}`;
}

/**
 * Where the input of a layer comes from: completes “the input is …”. Empty for sources with their own.
 * @param describe names a source for a person
 */
export function describeInput(
  source: InspectionSource,
  describe: (source: InspectionSource) => string,
): string {
  if (!isLayerSource(source)) return '';
  const { input } = source;
  switch (input.kind) {
    case 'generated':
      return `generated from the layer's moving statistics, seed ${input.seed}`;
    case 'own':
      return `the call's own where the code tells it, else generated, seed ${input.seed}`;
    case 'source':
      return `from ${describe(input.source)}`;
  }
}

/** Whether both mean the same tensor, so that one panel is enough. */
export function sameSource(a: InspectionSource, b: InspectionSource): boolean {
  if (a.uri !== b.uri) return false;
  if (a.kind === 'literal' && b.kind === 'literal') return a.range.start === b.range.start;
  if (a.kind === 'call' && b.kind === 'call') return a.range.start === b.range.start;
  if (a.kind === 'tensor' && b.kind === 'tensor') return a.name === b.name;
  // One panel a layer, whatever it is run over.
  if (a.kind === 'layer' && b.kind === 'layer') return a.name === b.name;
  if (a.kind === 'variable' && b.kind === 'variable') return sameExpression(a, b);
  if (a.kind === 'module' && b.kind === 'module') return sameExpression(a, b);
  return a.kind === b.kind;
}

type InFrame = Pick<VariableSource, 'name' | 'frame'>;

function sameExpression(a: InFrame, b: InFrame): boolean {
  return a.name === b.name && a.frame === b.frame;
}

/** The last part of a URI's path, decoded: `seed.bn.json`. */
export function baseName(uri: string): string {
  const path = uri.replace(/[?#].*$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `a[1].json` names one file; as a pattern it would name `a1.json`. */
export function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, character => `[${character}]`);
}

/** Run files are JSON of a name that says so. */
export function isRunFileName(path: string): boolean {
  return path.endsWith('.bn.json');
}
