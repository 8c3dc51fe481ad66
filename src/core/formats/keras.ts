import { refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { TensorCatalog } from './catalog';
import type { Format } from './format';
import { openHdf5 } from './hdf5';
import { membersOf } from './jsonHeader';
import { parseConfig } from './keras/hints';
import { mostHeaderBytes } from './limits';
import type { FormatServices } from './services';
import { openMember, readZip, startsAsZip } from './zip';
import type { ZipMember } from './zip/member';

const weightsName = 'model.weights.h5';

/**
 * Keras archives: a zip of `config.json`, `metadata.json` and the weights, an HDF5 file that is read
 * where it lies. Source: keras 3.15.1, saving/saving_lib.py.
 */
export const keras: Format = {
  id: 'keras',
  name: 'Keras model',
  extensions: ['.keras'],
  sniff: (head, name) => startsAsZip(head) && name.endsWith('.keras'),
  open: openArchive,
};

async function openArchive(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const members = await readZip(source, signal);
  const weights = members.get(weightsName);
  if (weights === undefined) {
    refuse('weights-missing', `it has no ${weightsName}: it is no model that Keras saved.`);
  }
  const readJson = async (name: string): Promise<unknown> => {
    const member = members.get(name);
    return member && parseConfig(await readSmall(source, member, services, signal));
  };
  const version = membersOf(await readJson('metadata.json'))?.get('keras_version');
  const model = {
    config: await readJson('config.json'),
    version: typeof version === 'string' ? version : undefined,
  };
  const file = await openMember(source, weights, services, signal);
  return openHdf5(file, services, signal, { format: keras.id, model });
}

async function readSmall(
  source: ByteSource,
  member: ZipMember,
  services: FormatServices,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (member.size > mostHeaderBytes) {
    refuse('header-too-large', `its ${member.name} has ${member.size} bytes.`);
  }
  const opened = await openMember(source, member, services, signal);
  return readBytes(opened, 0, opened.size, signal);
}
