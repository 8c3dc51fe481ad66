import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { plainName, runFileNames } from '../../../../src/core/text/runFileNames';

interface Property {
  readonly description?: string;
  /** What is offered, and anything else: the parser checks, with better messages than a schema has. */
  readonly anyOf?: readonly Offer[];
}

interface Offer {
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
}

interface Schema {
  readonly properties: Readonly<Record<string, Property>>;
}

const text = readFileSync('media/schema/bn.schema.json', 'utf8');
const schema = JSON.parse(text) as Schema;

function isAnything(offer: Offer): boolean {
  return Object.keys(offer).length === 0;
}

describe('the schema of run files', () => {
  it('has the names that the parser reads, and one for notes', () => {
    const names = Object.keys(schema.properties).map(plainName);
    const read = new Set(Object.values(runFileNames).flat());
    expect(names.sort()).toEqual([...read, 'note'].sort());
  });

  it('describes every key', () => {
    for (const [name, { description }] of Object.entries(schema.properties)) {
      expect(description, name).toMatch(/[.]$/);
    }
  });

  it.each(['convention', 'framework'])('offers the conventions of this build under %s', name => {
    const [property] = schema.properties[name]?.anyOf ?? [];
    expect(property?.enum).toEqual(conventions.map(({ id }) => id));
    expect(property?.enumDescriptions).toEqual(
      conventions.map(convention => `${convention.name}: ${convention.api}`),
    );
  });

  it('refuses nothing that the parser reports', () => {
    const strict = Object.values(schema.properties).filter(({ anyOf }) => !anyOf?.some(isAnything));
    expect(strict).toEqual([schema.properties.note]);
  });

  it('refers to no definitions: VS Code shows no description that stands beside a $ref', () => {
    expect(text).not.toContain('$ref');
  });
});
