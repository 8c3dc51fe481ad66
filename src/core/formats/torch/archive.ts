import { refuse } from '../badFile';
import { readBytes, type ByteSource } from '../byteSource';
import { mostPickleBytes } from '../limits';
import type { FormatServices } from '../services';
import { openMember, readZip } from '../zip';
import type { ZipMember } from '../zip/member';
import type { StoragePlace, Storages } from './entries';

/** A checkpoint since PyTorch 1.6: a zip of a pickle and a file for each storage. */
export class TorchArchive {
  private constructor(
    private readonly source: ByteSource,
    private readonly services: FormatServices,
    private readonly members: ReadonlyMap<string, ZipMember>,
    /** The one folder that everything is in, with its slash. */
    private readonly root: string,
  ) {}

  /** @throws BadFile where it is no zip */
  static async open(
    source: ByteSource,
    services: FormatServices,
    signal: AbortSignal,
  ): Promise<TorchArchive> {
    const members = await readZip(source, signal);
    const [first = ''] = members.keys();
    return new TorchArchive(source, services, members, first.slice(0, first.indexOf('/') + 1));
  }

  /** Names of members below the one folder. */
  get names(): string[] {
    return [...this.members.keys()].flatMap(name =>
      name.startsWith(this.root) ? [name.slice(this.root.length)] : [],
    );
  }

  has(name: string): boolean {
    return this.members.has(this.root + name);
  }

  /** A whole member. */
  async read(name: string, signal: AbortSignal, most = mostPickleBytes): Promise<Uint8Array> {
    const member = this.members.get(this.root + name);
    if (member === undefined) refuse('member-missing', `its archive has no ${name}.`);
    if (member.size > most) {
      refuse('member-too-large', `its ${name} has ${member.size} bytes, and ${most} is the most.`);
    }
    const source = await this.open(member, signal);
    return readBytes(source, 0, source.size, signal);
  }

  /**
   * Storages in a folder of it, by their key.
   * @param littleEndian what the archive says of its numbers
   */
  storages(folder: string, littleEndian: boolean): Storages {
    const opened = new Map<string, Promise<ByteSource>>();
    const find = (key: string): StoragePlace | string => {
      const member = this.members.get(`${this.root}${folder}/${key}`);
      if (member === undefined) return `its data, ${folder}/${key}, is not in the file`;
      const { unreadable, size, method } = member;
      if (unreadable !== undefined) return `its data cannot be read: ${unreadable}`;
      if (method === 'deflated') {
        return { size, ranges: false, open: signal => this.open(member, signal) };
      }
      const open = (signal: AbortSignal): Promise<ByteSource> => {
        const known = opened.get(key) ?? this.open(member, signal);
        opened.set(key, known);
        // A cancelled opening is nobody's.
        known.catch(() => opened.delete(key));
        return known;
      };
      return { size, ranges: true, open };
    };
    return { find, littleEndian };
  }

  /** What `byteorder` says; archives from before PyTorch 2.1 do not say it. */
  async littleEndian(signal: AbortSignal): Promise<boolean> {
    if (!this.has('byteorder')) return true;
    const text = new TextDecoder().decode(await this.read('byteorder', signal, 100));
    return text.trim() !== 'big';
  }

  private open(member: ZipMember, signal: AbortSignal): Promise<ByteSource> {
    return openMember(this.source, member, this.services, signal);
  }
}
