import { describe, expect, it } from 'vitest';
import { foreignContent } from '../../../../src/core/formats/foreignContent';
import { formats, openCatalog } from '../../../../src/core/formats/registry';
import { fakeSource } from './fakeSource';
import { never, services } from './fixtures';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const letter = utf8('Dear all,\n\nplease find the weights attached.\n');
const image = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73]);

async function refusal(name: string, bytes: Uint8Array): Promise<string> {
  const opened = await openCatalog(fakeSource(name, bytes), services, never);
  return opened.ok ? 'it was read' : opened.problem.message;
}

const readers = formats.flatMap(({ name, extensions, isText }) =>
  extensions.map(extension => ({ name, extension, isText: isText === true })),
);

describe.each(readers)('a file named $extension', ({ name, extension, isText }) => {
  const file = `x${extension}`;

  it('that is something else is called what it is', async () => {
    const rest = `although its name is that of the kind “${name}”: give it the right name, or choose another file.`;
    expect(await refusal(file, image)).toBe(`${file}: it is a PNG image, ${rest}`);
    expect(await refusal(file, new Uint8Array())).toBe(`${file}: it is empty, ${rest}`);
    if (!isText) {
      expect(await refusal(file, letter)).toBe(`${file}: it is text ("Dear all,"), ${rest}`);
    }
  });

  it('that was never fetched says how it is', async () => {
    const pointer = utf8(
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    );
    expect(await refusal(file, pointer)).toContain('run “git lfs pull”');
    const page = utf8('<!DOCTYPE html><html><head><title>404</title></head></html>');
    expect(await refusal(file, page)).toContain('download it again');
  });
});

it('leaves to a text format what is wrong with its text', async () => {
  expect(await refusal('x.jsonl', letter)).toContain('line 1, column 1');
  expect(await refusal('x.csv', letter)).toContain('line 3 has 1 fields');
  expect(await refusal('x.bin.index.json', letter)).toContain('not JSON');
});

it('leaves to a format what is wrong with a file that begins as its own do', async () => {
  expect(await refusal('x.gguf', utf8('GGUF'))).toContain('within its header');
});

it('says nothing of bytes that do not tell', () => {
  for (const bytes of [
    [0x08, 0x07],
    [0xff, 0x41],
    [0x20, 0x0a],
    [0x41, 0],
  ]) {
    expect(foreignContent(new Uint8Array(bytes), 'a test')).toBeUndefined();
  }
});

it('shows the start of a text, whatever is in it, on one line', () => {
  const message = foreignContent(utf8('“é” '.repeat(30)), 'a test')?.message ?? '';
  expect(message).toMatch(/^it is text \("(“é” ){10}…"\), although/);
  // The last character is cut.
  expect(foreignContent(utf8('été').subarray(0, 4), 'a test')?.message).toContain('("ét")');
});
