import { readBytes, type ByteSource } from '../byteSource';
import { mostNamesLength, mostTensors } from '../limits';
import { malformed } from '../malformed';
import { decompressSnappy } from './snappy';
import {
  footerBytes,
  hasTableMagic,
  parseBlock,
  parseFooter,
  parseHandle,
  trailerBytes,
  type BlockHandle,
  type TableRow,
} from './sstable';

/** Bytes one block may have, and the whole index; the largest seen is 300 kB. */
const blockLimit = 1 << 26;
const indexLimit = 1 << 28;

/** All rows of a checkpoint's index file. */
export async function readTable(source: ByteSource, signal: AbortSignal): Promise<TableRow[]> {
  if (source.size < footerBytes) malformed(`an index has at least ${footerBytes} bytes`);
  if (source.size > indexLimit) malformed(`its index has ${source.size} bytes`);
  const footer = await readBytes(source, source.size - footerBytes, footerBytes, signal);
  if (!hasTableMagic(footer)) malformed('it does not end as the index of a checkpoint does');
  const index = await readBlock(source, parseFooter(footer), signal);
  const rows: TableRow[] = [];
  let bytes = 0;
  let keys = 0;
  for (const { value } of parseBlock(index)) {
    const block = await readBlock(source, parseHandle(value), signal);
    // Blocks may be named twice by a damaged index: what is read is bounded, not the file's size.
    bytes += block.length;
    if (bytes > indexLimit) malformed(`its blocks have more than ${indexLimit} bytes`);
    for (const row of parseBlock(block)) {
      keys += row.key.length;
      rows.push(row);
    }
    if (keys > mostNamesLength || rows.length > mostTensors)
      malformed(`it has ${rows.length} keys of ${keys} characters`);
  }
  return rows;
}

async function readBlock(
  source: ByteSource,
  { offset, size }: BlockHandle,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (size > blockLimit) malformed(`a block of its index has ${size} bytes`);
  const bytes = await readBytes(source, offset, size + trailerBytes, signal);
  const block = bytes.subarray(0, size);
  const compression = bytes[size] as number;
  if (compression === 0) return block;
  if (compression === 1) return decompressSnappy(block, blockLimit);
  return malformed(`a block of its index is compressed in the unknown way ${compression}`);
}
