import { looksLikeRecording } from '../recording/reader';
import { BytesReader, Utf8Source, type ByteReader } from '../text/textSource';
import { JsonDocumentReader } from '../text/jsonDocumentReader';
import type { JsonDocument } from '../text/jsonDocument';
import { listTensors, type NamedTensor } from '../text/jsonTensors';
import { formatPosition, positionIn } from '../text/lines';
import { byImportance } from '../text/problemList';
import { TextWindow, windowUnits } from '../text/textWindow';
import { refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { EntryRead, EntryValues, TensorEntry } from './catalog';
import { allocateValues, checkElementRange } from './denseEntry';
import type { Format } from './format';
import { mostTextBytes } from './limits';

/**
 * JSON Lines: arrays are the rows of one tensor, objects are named by their line. Text has to be read whole to
 * know what is in it, so its numbers are kept as long as the file is open.
 */
export const jsonLines: Format = {
  id: 'json-lines',
  name: 'JSON Lines',
  extensions: ['.jsonl', '.ndjson'],
  isText: true,
  isRunFile: true,
  sniff: () => false,
  async open(source, _services, signal) {
    if (source.size > mostTextBytes) {
      refuse(
        'text-too-large',
        `it has ${source.size} bytes of text, and ${mostTextBytes} is the most that is listed: inspect the file itself, which is read piece by piece.`,
      );
    }
    const isRecording = looksLikeRecording(await headOf(source, signal));
    const { tensors, problems } = listTensors(await readDocument(source, signal));
    const worst = byImportance(problems).find(({ severity }) => severity === 'error');
    if (worst !== undefined) {
      const place = worst.range && (await placeOf(source, worst.range.start, signal));
      refuse(worst.code, place === undefined ? worst.message : `${place}: ${worst.message}`);
    }
    return {
      format: jsonLines.id,
      entries: tensors.map(entryOf),
      hints: [],
      notes: isRecording ? [recordingNote] : [],
    };
  },
};

const recordingNote =
  'This is a recording of a training run: “Normscope: Open Recording…” draws it over its steps.';

/** Bytes of a first line that are enough to know it by. */
const bytesOfHead = 1 << 16;

async function headOf(source: ByteSource, signal: AbortSignal): Promise<string> {
  const bytes = await readBytes(source, 0, Math.min(source.size, bytesOfHead), signal);
  return new TextDecoder().decode(bytes);
}

const nothing = new Uint8Array(0);

async function readDocument(source: ByteSource, signal: AbortSignal): Promise<JsonDocument> {
  const text = new Utf8Source(await readerOf(source, signal));
  const window = new TextWindow(text, new Uint8Array(windowUnits));
  const reader = new JsonDocumentReader(window, { lines: true });
  // Reading nothing lets others in, and heeds the signal.
  while (!reader.advance()) await source.readInto(nothing, 0, signal);
  if (text.isBroken) refuse('not-text', 'it is not text in UTF-8, which JSON Lines are.');
  return reader.document();
}

/** The source's bytes in order: by pieces where it can be read without waiting. */
async function readerOf(source: ByteSource, signal: AbortSignal): Promise<ByteReader> {
  const { size, readIntoSync } = source;
  if (readIntoSync === undefined) {
    return new BytesReader(await readBytes(source, 0, size, signal));
  }
  let at = 0;
  return {
    size,
    read: into => {
      const part = into.subarray(0, size - at);
      readIntoSync(part, at);
      at += part.length;
      return part.length;
    },
  };
}

async function placeOf(source: ByteSource, offset: number, signal: AbortSignal): Promise<string> {
  return formatPosition(positionIn(new Utf8Source(await readerOf(source, signal)), offset));
}

function entryOf({ name, tensor }: NamedTensor): TensorEntry {
  const values = tensor.data;
  const read = ({ range, into }: EntryRead): Promise<EntryValues> => {
    const { start, count } = checkElementRange(range, values.length, name);
    const data = into ?? allocateValues('float32', count, name);
    data.set(values.subarray(start, start + count));
    return Promise.resolve({ data, inexact: 0 });
  };
  return {
    name,
    shape: tensor.shape,
    dtype: 'float32',
    bytes: values.byteLength,
    content: { kind: 'readable', dtype: 'float32', numbers: 1, ranges: true, read },
  };
}
