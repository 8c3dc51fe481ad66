import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkNames, findFile } from '../../../../src/host/tools/toolFiles';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'normscope-tools-')));
const inside = join(root, 'open');
mkdirSync(join(inside, 'runs'), { recursive: true });
writeFileSync(join(inside, 'runs/a.pt'), 'abc');
writeFileSync(join(root, 'secret.json'), '[1]');
symlinkSync(join(root, 'secret.json'), join(inside, 'link.json'));
symlinkSync(inside, join(root, 'alias'));
const folders = [{ name: 'open', path: inside }];
afterAll(() => rmSync(root, { recursive: true }));

describe('findFile', () => {
  it.each(['runs/a.pt', 'open/runs/a.pt', './runs/../runs/a.pt', join(inside, 'runs/a.pt')])(
    'finds %s in the open folder',
    async named => {
      const found = await findFile(named, folders);
      expect(found).toEqual({
        ok: true,
        value: { path: join(inside, 'runs/a.pt'), size: 3, outside: false },
      });
    },
  );

  it('takes an address of a file', async () => {
    const found = await findFile(pathToFileURL(join(inside, 'runs/a.pt')).href, folders);
    expect(found.ok && found.value.outside).toBe(false);
  });

  it.each(['../secret.json', 'link.json', join(root, 'secret.json'), 'runs/../../secret.json'])(
    'knows that %s is outside',
    async named => {
      const found = await findFile(named, folders);
      expect(found.ok && found.value.outside).toBe(true);
    },
  );

  it('follows links of the folder too', async () => {
    const found = await findFile('runs/a.pt', [{ name: 'alias', path: join(root, 'alias') }]);
    expect(found.ok && found.value.outside).toBe(false);
  });

  it.each([
    ['b.pt', `There is no file "b.pt" in ${inside}: give its path from there, or an absolute one.`],
    [join(root, 'b.pt'), `There is no file ${join(root, 'b.pt')}: check the path.`],
    ['runs', `${join(inside, 'runs')} is a folder: name a file in it.`],
    [
      'https://x.org/a.pt',
      '"https://x.org/a.pt" is not on the file system of this machine: give the path of a file that is.',
    ],
    [
      'file://host/%00',
      '"file://host/%00" is no address of a file on this machine: give its path.',
    ],
  ])('says why %s is none', async (named, message) => {
    const found = await findFile(named, folders);
    expect(found.ok ? '' : found.problem.message).toBe(message);
  });

  it('wants an absolute path where no folder is open', async () => {
    const found = await findFile('a.pt', []);
    expect(found.ok ? '' : found.problem.message).toBe(
      '"a.pt" is a relative path and no folder is open: give an absolute one.',
    );
  });
});

describe('checkNames', () => {
  const file = { path: join(inside, 'runs/a.pt'), size: 3 };

  it('lets names pass that lead to no file', () => {
    expect(checkNames(['run', `${file.path}#bn1`, '--layer=-#x#y'], [file]).ok).toBe(true);
  });

  it('refuses a name with which the command line would open another file', () => {
    mkdirSync(`${file.path}#x`);
    symlinkSync(join(root, 'secret.json'), `${file.path}#x/hosts`);
    for (const name of ['x/hosts', 'x/hosts#input', 'x/../../../secret.json#input']) {
      expect(checkNames([`--input=${file.path}#${name}`], [file]).ok).toBe(false);
    }
  });
});
