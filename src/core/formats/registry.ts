import { fail, type Problem, type Result } from '../problem';
import { guarded } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { TensorCatalog } from './catalog';
import { csv } from './csv';
import { flax } from './flax';
import type { Format } from './format';
import { foreignContent } from './foreignContent';
import { gguf } from './gguf';
import { hdf5 } from './hdf5';
import { jsonLines } from './jsonLines';
import { keras } from './keras';
import { headBytes } from './limits';
import { onnx, onnxTensor } from './onnx';
import { npy } from './npy';
import { npz } from './npz';
import { safetensors } from './safetensors';
import { safetensorsIndex } from './safetensorsIndex';
import type { FormatServices } from './services';
import { tensorflow } from './tensorflow';
import { tflite } from './tflite';
import { tfjs } from './tfjs';
import { pickle, torch } from './torch';
import { torchIndex } from './torchIndex';

/** Every format, the more telling signatures first: the first that recognises a file opens it. */
export const formats: readonly Format[] = [
  npy,
  safetensorsIndex,
  torchIndex,
  safetensors,
  npz,
  torch,
  keras,
  hdf5,
  gguf,
  tflite,
  tensorflow,
  tfjs,
  flax,
  onnx,
  onnxTensor,
  pickle,
  csv,
  jsonLines,
];

/** The format whose signature the bytes have, or else whose extension the name has. */
export function recognise(head: Uint8Array, name: string): Format | undefined {
  const lower = name.toLowerCase();
  return (
    formats.find(({ sniff }) => sniff(head, lower)) ??
    formats.find(({ extensions }) => extensions.some(extension => lower.endsWith(extension)))
  );
}

/** Lists what a file holds, whichever format it has. The source stays the caller's, to close. */
export async function openCatalog(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<Result<TensorCatalog>> {
  const { name } = source;
  const head = await guarded(name, () =>
    readBytes(source, 0, Math.min(headBytes, source.size), signal),
  );
  if (!head.ok) return head;
  const format = recognise(head.value, name);
  if (format === undefined) {
    const known = formats.flatMap(({ extensions }) => extensions).join(', ');
    return fail(
      'format-unknown',
      `${name}: neither its name nor its first bytes are those of a tensor file: ${known} can be read.`,
    );
  }
  const opened = await guarded(name, () => format.open(source, services, signal));
  return opened.ok
    ? opened
    : { ok: false, problem: explained(opened.problem, name, head.value, format) };
}

/** What a file is instead, where it is another kind than its name says and that can be told. */
function explained(problem: Problem, name: string, head: Uint8Array, format: Format): Problem {
  if (problem.code === 'cancelled' || format.sniff(head, '')) return problem;
  const foreign = foreignContent(head, format.name);
  if (!foreign || (format.isText === true && !foreign.isCertain)) return problem;
  return { ...problem, message: `${name}: ${foreign.message}` };
}
