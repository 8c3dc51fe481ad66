import { findConvention } from '../../core/batchnorm/conventions/registry';
import type { Flags } from '../../core/batchnorm/flags';
import { defaultTolerance, type Tolerance } from '../../core/statistics/compare';
import { isRecord } from '../guards';
import { parseSource, sourceTitle, type InspectionSource } from '../inspection/source';
import { isFlags } from '../panel/parsePanelAction';

/** One of two things that are compared. Plain JSON, so that it survives a reload. */
export interface CompareSide {
  readonly source: InspectionSource;
  /** Which tensor, where there is a layer to have an output. */
  readonly show: 'input' | 'output';
  /** An inspection with its steps and edits, as `saveInspection` wrote it; else the layer is as the source states it. */
  readonly saved?: unknown;
  /** Instead of those of the inspection or the source. */
  readonly flags?: Flags;
  /** Id; likewise. */
  readonly convention?: string;
}

/** What can be chosen to be compared: a side, or a file with all its batch norms. */
export type CompareChoice = CompareSide | WholeFile;

export interface WholeFile {
  readonly file: string;
  readonly layers: number;
}

/** Its output in inference: in training its moving statistics, which are compared, would have no part in it. */
export function layerSide(uri: string, name: string): CompareSide {
  const input = { kind: 'generated', seed: 1 } as const;
  return {
    source: { kind: 'layer', uri, name, input },
    show: 'output',
    flags: { training: false, trainable: true },
  };
}

export interface CompareSpec {
  readonly a: CompareSide;
  readonly b: CompareSide;
  readonly tolerance: Tolerance;
}

/** `bn1 · model.pt`. */
export function sideTitle({ source }: CompareSide): string {
  return sourceTitle(source);
}

/** `output, training on, PyTorch`: what tells the side from others of the same source; may be empty. */
export function sideDetail({ show, saved, flags, convention }: CompareSide): string {
  const found = convention === undefined ? undefined : findConvention(convention);
  const parts = [
    saved === undefined ? '' : show,
    flags === undefined ? '' : flagsText(flags),
    found?.ok === true ? found.value.name : '',
  ];
  return parts.filter(part => part !== '').join(', ');
}

export function flagsText({ training, trainable }: Flags): string {
  return `training ${training ? 'on' : 'off'}, trainable ${trainable ? 'on' : 'off'}`;
}

export function compareTitle({ a, b }: CompareSpec): string {
  const [first, second] = [sideTitle(a), sideTitle(b)];
  return first === second ? `Compare: ${first}` : `Compare: ${first} ↔ ${second}`;
}

/** @returns undefined where the value is none that a page kept */
export function parseCompareSpec(value: unknown): CompareSpec | undefined {
  if (!isRecord(value)) return undefined;
  const [a, b] = [parseSide(value.a), parseSide(value.b)];
  return a && b && { a, b, tolerance: parseTolerance(value.tolerance) ?? defaultTolerance };
}

function parseSide(value: unknown): CompareSide | undefined {
  if (!isRecord(value)) return undefined;
  const source = parseSource(value.source);
  const { show, saved, flags, convention } = value;
  if (!source || (show !== 'input' && show !== 'output')) return undefined;
  return {
    source,
    show,
    ...(saved !== undefined && { saved }),
    ...(isFlags(flags) && {
      flags: { training: flags.training, trainable: flags.trainable },
    }),
    ...(typeof convention === 'string' && { convention }),
  };
}

/** @returns undefined unless both bounds are finite and at least 0 */
export function parseTolerance(value: unknown): Tolerance | undefined {
  if (!isRecord(value)) return undefined;
  const { rtol, atol, equalNan } = value;
  if (!isBound(rtol) || !isBound(atol) || typeof equalNan !== 'boolean') return undefined;
  return { rtol, atol, equalNan };
}

function isBound(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
