import { defaultConvention } from '../core/batchnorm/conventions/registry';
import type { Finding, Known } from '../core/batchnorm/diagnose/finding';
import { knownAlone } from '../core/batchnorm/diagnose/knownAlone';
import { layerIncomplete } from '../core/batchnorm/diagnose/layerIncomplete';
import type { Statement } from '../core/batchnorm/statement';
import { ok, type Problem, type Result } from '../core/problem';
import { layerLabel } from './chosenLayer';
import { knownOfRun } from './doctorRun';
import { examineRecording } from './doctorRecording';
import { documentLayers } from './layers';
import { notesOf, type Source, type Target } from './source';
import type { Sources } from './sources';

/** A file that is looked into. */
export interface Examined {
  /** As the command line names it. */
  readonly label: string;
  readonly layers: readonly ExaminedLayer[];
  readonly unreadable: readonly Unread[];
  readonly notes: readonly string[];
  /** Whether it holds a trained layer, which can be set beside that of another file. */
  readonly isCheckpoint: boolean;
}

export interface ExaminedLayer {
  readonly name: string;
  readonly known: Known;
}

/** What cannot be examined, as a finding beside what can. */
export interface Unread {
  readonly layer: string;
  readonly finding: Finding;
}

/** @returns a problem where nothing of the file can be read */
export async function examine(operand: string, sources: Sources): Promise<Result<Examined>> {
  const recording = await examineRecording(operand, sources);
  if (recording) return recording;
  const opened = await sources.open(operand);
  if (!opened.ok) return opened;
  const target = opened.value;
  if (isRunFile(target)) {
    const known = await knownOfRun(operand, sources);
    if (!known.ok) return known;
    const layers = [{ name: known.value.layerName, known: known.value.known }];
    const { label } = target.source;
    return ok({ label, layers, unreadable: [], notes: known.value.notes, isCheckpoint: false });
  }
  return examineLayers(operand, target);
}

/** Whether a document has an input of its own, and not layers alone. */
function isRunFile({ source, name }: Target): boolean {
  const { document } = source;
  if (!document) return source.layers.length === 0 && source.tensors.length === 1;
  if (name !== undefined) return false;
  const own = documentLayers(source, document);
  const claimed = new Set(own.flatMap(({ parameters }) => Object.values(parameters)));
  return source.tensors.some(tensor => tensor.shape.length > 1 && !claimed.has(tensor.name));
}

interface Listed {
  readonly name: string;
  readonly channels: number;
  readonly counted: boolean;
  readonly read: () => Promise<Result<Statement>>;
}

async function examineLayers(operand: string, { source, name }: Target): Promise<Result<Examined>> {
  const all = listLayers(source);
  const listed = name === undefined ? all : all.filter(layer => layer.name === name);
  const layersCounted = all.filter(({ counted }) => counted).length;
  const layers: ExaminedLayer[] = [];
  const incomplete = (source.incomplete ?? []).filter(
    layer => name === undefined || layer.name === name,
  );
  const unreadable = [
    ...(source.lost ?? []).map(message =>
      unread('', { code: 'unreadable', severity: 'error', message }),
    ),
    ...incomplete.map((layer): Unread => ({ layer: layer.name, finding: layerIncomplete(layer) })),
  ];
  for (const { name: layer, channels, counted, read } of listed) {
    const statement = await read();
    const known = statement.ok
      ? knownAlone(statement.value, channels, defaultConvention)
      : statement;
    if (!known.ok) {
      unreadable.push(unread(layer, known.problem));
      continue;
    }
    const checkpoint = { counted, layersCounted, layers: all.length };
    layers.push({ name: layer, known: { ...known.value, checkpoint } });
  }
  if (name !== undefined && listed.length + incomplete.length === 0) {
    return notThere(
      source,
      name,
      all.map(layer => layer.name),
    );
  }
  return ok({
    label: operand,
    layers,
    unreadable,
    notes: notesNotLost(source),
    isCheckpoint: true,
  });
}

/** What is lost is a finding already. */
function notesNotLost(source: Source): string[] {
  const notes = source.notes.filter(note => source.lost?.includes(note) !== true);
  return notesOf({ ...source, notes });
}

function notThere({ label }: Source, name: string, names: readonly string[]): Result<never> {
  const held = names.length === 0 ? 'no layers' : names.slice(0, 12).join(', ');
  const message = `${label} has no layer "${name}": it holds ${held}.`;
  return { ok: false, problem: { code: 'no-such-layer', severity: 'error', message } };
}

function listLayers(source: Source): Listed[] {
  if (source.document) {
    return documentLayers(source, source.document).map(({ name, channels, statement }) => ({
      name: layerLabel(source, name),
      channels,
      counted: statement.batchesTracked !== undefined,
      read: () => Promise.resolve(ok(statement)),
    }));
  }
  return source.layers.map(({ found, read }) => ({
    name: found.name,
    channels: found.channels,
    counted: found.batchesTracked !== undefined,
    read,
  }));
}

export function unread(layer: string, { message }: Problem): Unread {
  return {
    layer,
    finding: {
      id: 'unreadable',
      severity: 'error',
      message: /[.!?]$/.test(message) ? message : `${message}.`,
      channels: [],
      evidence: {},
      fix: 'Save the file again, or fetch what is missing of it; nothing is said of what cannot be read.',
      source: '',
    },
  };
}
