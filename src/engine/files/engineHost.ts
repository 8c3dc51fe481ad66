import { refuse } from '../../core/formats/badFile';
import { bytesSource, pathInside, type ByteSource } from '../../core/formats/byteSource';
import { fail, type Result } from '../../core/problem';
import type { HostFileRequest, Progress } from '../../protocol/engineFiles';

/** What the engine needs of whoever runs it, for its requests about files. */
export interface EngineHost {
  readonly readFile: (request: HostFileRequest) => Promise<Result<Uint8Array>>;
  readonly progress: (progress: Progress) => void;
}

/** A host without virtual files, which nobody watches: the command line. */
export const plainHost: EngineHost = {
  readFile: ({ uri }) =>
    Promise.resolve(fail('file-unreadable', `${uri} is not a file of this machine.`)),
  progress: () => undefined,
};

/** A file of a virtual file system, whose bytes the host gives whole. */
export async function virtualSource(
  host: EngineHost,
  uri: string,
  name: string,
): Promise<ByteSource> {
  const sibling = async (path: string): Promise<ByteSource> => {
    const relative = pathInside(path).join('/');
    return bytesSource(path, await read(host, { uri, sibling: relative }), sibling);
  };
  return bytesSource(name, await read(host, { uri }), sibling);
}

async function read(host: EngineHost, request: HostFileRequest): Promise<Uint8Array> {
  const bytes = await host.readFile(request);
  return bytes.ok ? bytes.value : refuse(bytes.problem.code, bytes.problem.message);
}
