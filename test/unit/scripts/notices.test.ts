import { describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '../../../scripts/notices.mjs';
import { root } from '../../hosts/places.mjs';

describe('thirdPartyNotices', () => {
  const notices = thirdPartyNotices(root, [
    'src/extension.ts',
    'node_modules/lit-html/lit-html.js',
    'node_modules/lit-html/directives/repeat.js',
    'node_modules/@tensorflow/tfjs-core/dist/index.js',
  ]);

  it('names each bundled package once, with its licence text', () => {
    expect(notices.match(/^lit-html \d+\.\d+\.\d+ \(BSD-3-Clause\)$/gm)).toHaveLength(1);
    expect(notices).toContain('Redistribution and use in source and binary forms');
  });

  it('gives a package without a licence file the standard text and its author', () => {
    expect(notices).toMatch(
      /@tensorflow\/tfjs-core [\d.]+ \(Apache-2\.0\)\n\nCopyright \(c\) Google/,
    );
    expect(notices).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  });

  it('names nothing that is not bundled', () => {
    expect(notices).not.toContain('vitest');
  });
});
