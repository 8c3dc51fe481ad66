import type { Convention } from '../../core/batchnorm/convention';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import { diagnose } from '../../core/batchnorm/diagnose/registry';
import { openInspection, type Inspection } from '../../core/batchnorm/inspection';
import type { Problem, TextRange } from '../../core/problem';
import type { RunFile, RunFileRole } from '../../core/text/runFile';
import type { EngineSource } from '../../protocol/engine';
import { toWireLayer } from '../../protocol/wireLayer';
import type { EngineClient } from '../inspection/inputLoader';
import { refusedStep } from '../inspection/refusedStep';
import { fixInFile } from './findingFixes';
import type { Fix } from './runFileFixes';

/** A finding as a problem of the run file in which it is found: its id is the code. */
export interface FileFinding {
  readonly problem: Problem & { readonly range: TextRange };
  /** The fix as a change of the file, where it is one. */
  readonly fix: Fix | undefined;
}

export interface FileToExamine {
  readonly source: EngineSource;
  readonly text: string;
  readonly fallback: Convention;
}

/**
 * What the next step over a run file's input shows to be wrong with it. Nothing where there is no such
 * step: the checks of the file say why.
 */
export async function findInRunFile(
  engine: EngineClient,
  { source, text, fallback }: FileToExamine,
  signal: AbortSignal,
): Promise<readonly FileFinding[]> {
  const opened = await engine.open(source, { signal });
  if (!opened.ok) return [];
  const { input, file } = opened.value;
  try {
    const inspection = openInspection(file.statement, input.shape, fallback);
    if (!inspection.ok || refusedStep(inspection.value)) return [];
    const found = await examine(engine, input.id, inspection.value, signal);
    return found.flatMap(finding => placed(finding, file, text, fallback) ?? []);
  } finally {
    void engine.close(input.id);
  }
}

async function examine(
  engine: EngineClient,
  input: number,
  { present: { layer }, flags, shape, statement }: Inspection,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const stepped = await engine.step(
    { input, layer: toWireLayer(layer), flags, steps: 1 },
    { signal },
  );
  if (!stepped.ok) return [];
  const { trace } = stepped.value;
  return diagnose({ layer, trace, rank: shape.length, shape, flags, stated: statement });
}

/** Notes are for the panel, but for those that one change of the file answers. */
function placed(
  finding: Finding,
  { keys }: Omit<RunFile, 'input'>,
  text: string,
  fallback: Convention,
): FileFinding | undefined {
  const { id, severity, message, fix: cure } = finding;
  const fix = fixInFile(finding, text, fallback);
  if (severity === 'note' && !fix) return undefined;
  const role = rolesOf(finding).find(one => keys[one]) ?? 'input';
  const key = keys[role] ?? keys.input;
  // Of an array the key is marked: pages of numbers would be.
  const range = arrays.has(role) ? key.keyRange : key.valueRange;
  return { problem: { code: id, severity, message: `${message} ${cure}`, range }, fix };
}

const arrays: ReadonlySet<RunFileRole> = new Set<RunFileRole>([
  'input',
  'gamma',
  'beta',
  'movingMean',
  'movingVariance',
]);

/** The members that a finding is about, the first that is stated has it. */
function rolesOf({ id, whatIf }: Finding): readonly RunFileRole[] {
  switch (whatIf?.kind) {
    case 'epsilon':
    case 'momentum':
    case 'convention':
      return [whatIf.kind, 'convention'];
    case 'axis':
      return ['channelAxis', 'gamma', 'movingMean', 'input'];
    case 'flags':
      return ['training', 'trainable', 'convention'];
    case 'parameters':
      return whatIf.changes.map(({ parameter }) => parameter);
    case undefined:
      return byId[id] ?? ['input'];
  }
}

/** Of findings whose fix is none of the file. */
const byId: Readonly<Partial<Record<string, readonly RunFileRole[]>>> = {
  'non-finite-parameters': ['gamma', 'beta'],
  'non-finite-statistics': ['movingMean', 'movingVariance'],
  'negative-variance': ['movingVariance'],
  'non-finite-output': ['epsilon', 'movingVariance'],
  'undivided-sums': ['movingMean'],
  'variance-rule': ['movingVariance'],
  'few-updates': ['movingMean'],
  drift: ['movingMean'],
  'never-updated': ['movingMean', 'movingVariance'],
  'zero-moving-variance': ['movingVariance'],
  'tiny-moving-variance': ['movingVariance'],
  'exploding-gamma': ['gamma'],
  'zero-gamma': ['gamma'],
  'dead-gamma': ['gamma'],
};
