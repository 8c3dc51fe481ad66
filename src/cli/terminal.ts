/** What a command line has around it; the tests have one of their own. */
export interface Terminal {
  /** @returns false where the reader has gone away, and more output is wasted */
  readonly write: (text: string) => Promise<boolean>;
  /** One line on standard error. */
  readonly complain: (line: string) => void;
  /** All of standard input, which is read once. */
  readonly readInput: () => Promise<Uint8Array>;
}

interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** The terminal of this process. A reader that goes away (`| head`) ends the output, not the program. */
export function processTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  let open = true;
  stdout.on('error', () => {
    open = false;
  });
  stderr.on('error', () => undefined);
  let input: Promise<Uint8Array> | undefined;
  return {
    write: async text => {
      if (open && !stdout.write(text)) await drained(stdout);
      return open;
    },
    complain: line => void stderr.write(`${line}\n`),
    readInput: () => (input ??= readAll(stdin)),
  };
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      stream.off('drain', done).off('error', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('error', done).on('close', done);
  });
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
