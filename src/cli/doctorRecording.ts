import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { defaultConvention } from '../core/batchnorm/conventions/registry';
import { ok, type Result } from '../core/problem';
import { knownOfSeries } from '../core/recording/examine';
import { looksLikeRecording, RecordingReader } from '../core/recording/reader';
import { unread, type Examined } from './doctorSubjects';
import { splitOperand } from './source';
import type { Sources } from './sources';

/** Bytes that are read at once. */
const pieceBytes = 1 << 20;

/** Bytes of the first line that are enough to know a recording by. */
const sniffed = 4096;

/** @returns undefined for any other file */
export async function examineRecording(
  operand: string,
  sources: Sources,
): Promise<Result<Examined> | undefined> {
  const { path, name } = splitOperand(operand);
  const reader = new RecordingReader();
  const isOne = path === '-' ? feedText(await sources.input(), reader) : feedFile(path, reader);
  if (!isOne) return undefined;
  reader.pause();
  const { bad, firstBad, full, firstFull } = reader.counts;
  const series =
    name === undefined ? reader.layers : reader.layers.filter(one => one.name === name);
  // Another reading of the name may find something.
  if (series.length === 0) return undefined;
  const layers = series.map(one => ({
    name: one.name,
    known: knownOfSeries(one, defaultConvention),
  }));
  const left = [
    ...(firstBad ? [lines(bad, firstBad)] : []),
    ...(firstFull ? [lines(full, firstFull)] : []),
  ];
  const unreadable = left.map(message =>
    unread('', { code: 'unreadable', severity: 'error', message }),
  );
  return ok({ label: operand, layers, unreadable, notes: [], isCheckpoint: false });
}

function lines(count: number, first: { readonly line: number; readonly reason: string }): string {
  const many = count === 1 ? 'One line was' : `${count} lines were`;
  return `${many} left out of the recording; line ${first.line}: ${first.reason}.`;
}

function feedText(bytes: Uint8Array, reader: RecordingReader): boolean {
  if (!isRecording(bytes.subarray(0, sniffed))) return false;
  reader.feed(bytes);
  return true;
}

function feedFile(path: string, reader: RecordingReader): boolean {
  // A pipe can be read once: it is left for whoever reads text.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const descriptor = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    let length = readSync(descriptor, piece);
    if (!isRecording(piece.subarray(0, Math.min(length, sniffed)))) return false;
    while (length > 0) {
      reader.feed(piece.subarray(0, length));
      length = readSync(descriptor, piece);
    }
    return true;
  } finally {
    closeSync(descriptor);
  }
}

function isRecording(head: Uint8Array): boolean {
  return looksLikeRecording(new TextDecoder().decode(head));
}
