import { refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { LayerHint, TensorCatalog } from './catalog';
import type { Format } from './format';
import { mostPickleBytes } from './limits';
import { unpickle, type Unpickled } from './pickle/machine';
import type { FormatServices } from './services';
import { TorchArchive } from './torch/archive';
import { describeTensors, type Storages } from './torch/entries';
import { isExported, readExported } from './torch/exported';
import { findStorages, readLegacyPickles, startsAsLegacy } from './torch/legacy';
import { moduleHints } from './torch/modules';
import { referenceNotes } from './torch/references';
import { scriptedHints } from './torch/scripted';
import { walkPickle, type PickleContents } from './torch/walk';
import { firstMemberName, startsAsZip } from './zip';

const extensions = ['.pt', '.pth', '.pt2', '.bin', '.ckpt', '.jit', '.ptl'];

/**
 * PyTorch checkpoints: `torch.save` since 1.6 (a zip) and before (pickles, then storages), TorchScript, and archives of
 * torch.export. Nothing in them is run. Source: torch/serialization.py, torch/csrc/jit/serialization/pickler.h.
 */
export const torch: Format = {
  id: 'torch',
  name: 'PyTorch checkpoint',
  extensions,
  sniff: (head, name) =>
    startsAsLegacy(head) ||
    (startsAsZip(head) && extensions.some(extension => name.endsWith(extension))) ||
    /^[^/]+\/(data\.pkl|version|byteorder|archive_format|\.data\/|data\/\d+$)/.test(
      firstMemberName(head) ?? '',
    ),
  open: openCheckpoint,
};

/** A pickle by itself, as Python writes one: arrays of NumPy's in it are read. */
export const pickle: Format = {
  id: 'pickle',
  name: 'Python pickle',
  extensions: ['.pkl', '.pickle'],
  sniff: head => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5,
  open: openPickle,
};

async function openCheckpoint(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const head = await readBytes(source, 0, Math.min(512, source.size), signal);
  if (startsAsZip(head)) return openArchive(source, services, signal);
  if (startsAsLegacy(head)) return openLegacy(source, signal);
  if (pickle.sniff(head, '')) return openPickle(source, services, signal);
  if (new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar') {
    refuse(
      'torch-tar',
      'it was saved by PyTorch before 0.1.10, as a tar file: save it anew with a later one.',
    );
  }
  return refuse(
    'torch-invalid',
    'it is no checkpoint that torch.save wrote: it begins neither as a zip nor as a pickle.',
  );
}

async function openArchive(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const archive = await TorchArchive.open(source, services, signal);
  if (archive.has('data.pkl')) {
    const unpickled = unpickle(await archive.read('data.pkl', signal));
    const contents = walkPickle(unpickled.value);
    const storages = archive.storages('data', await archive.littleEndian(signal));
    const catalog = catalogOf(unpickled, contents, storages);
    const scripted = await scriptedHints(archive, contents.objects, signal);
    return { ...catalog, hints: mergeHints(catalog.hints, scripted) };
  }
  if (isExported(archive)) {
    const entries = await readExported(archive, signal);
    return { format: torch.id, entries, hints: [], notes: [] };
  }
  return refuse(
    'torch-invalid',
    'it is a zip without data.pkl, so no checkpoint that torch.save wrote.',
  );
}

/** Adds what the code states to what the objects do. */
function mergeHints(hints: readonly LayerHint[], more: readonly LayerHint[]): LayerHint[] {
  const stated = new Map(more.map(hint => [hint.name, hint]));
  return hints.map(hint => ({ ...stated.get(hint.name), ...hint }));
}

async function openLegacy(source: ByteSource, signal: AbortSignal): Promise<TensorCatalog> {
  const pickles = await readLegacyPickles(source, signal);
  const contents = walkPickle(pickles.value);
  const storages = await findStorages(source, pickles, signal);
  return catalogOf(pickles, contents, storages);
}

async function openPickle(
  source: ByteSource,
  _services: unknown,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  if (source.size > mostPickleBytes) {
    refuse(
      'pickle-too-large',
      `it has ${source.size} bytes, and ${mostPickleBytes} is the most for a pickle.`,
    );
  }
  const unpickled = unpickle(await readBytes(source, 0, source.size, signal));
  const nowhere = { find: () => 'a pickle by itself has no storages', littleEndian: true };
  return { ...catalogOf(unpickled, walkPickle(unpickled.value), nowhere), format: pickle.id };
}

function catalogOf(
  { globals }: Unpickled,
  { tensors, objects }: PickleContents,
  storages: Storages,
): TensorCatalog {
  return {
    format: torch.id,
    entries: describeTensors(tensors, storages),
    hints: moduleHints(objects, tensors),
    notes: referenceNotes(globals),
  };
}
