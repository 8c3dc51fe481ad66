// Typed linting, and the arrows between the layers: core <- engine <- host, core <- protocol <- webview.
const tseslint = require('typescript-eslint');

const no = (name, message) => ({ group: name, message });
const layer = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const vscode = no(['vscode'], 'Only src/host and src/extension.ts use the VS Code API.');
const node = no(['node:*'], 'This layer runs without Node.');
const tensorflow = no(['@tensorflow/*'], 'Only src/engine imports tfjs.');
const lit = no(['lit', 'lit/*'], 'Only webview renders.');
const toolkit = no(
  ['@vscode/webview-ui-toolkit*'],
  'Only webview/ui/controls.ts imports the toolkit.',
);
const upward = (...names) =>
  no(
    names.flatMap(name => [`**/${name}`, `**/${name}/**`]),
    'Layers point one way: see docs/ARCHITECTURE.md.',
  );

module.exports = tseslint.config(
  { ignores: ['dist', 'out', '.hosts', 'node_modules', 'media'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'src/core/tsconfig.json',
          'src/protocol/tsconfig.json',
          'src/engine/tsconfig.json',
          'src/tsconfig.json',
          'webview/tsconfig.json',
          'test/tsconfig.json',
          'test/webview/tsconfig.json',
        ],
        tsconfigRootDir: __dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/explicit-function-return-type': [
        'error',
        { allowExpressions: true, allowTypedFunctionExpressions: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `x[i] as number` in typed-array loops says that the index is right (docs/ARCHITECTURE.md).
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
      ],
    },
  },
  layer(
    ['src/core/**/*.ts'],
    [vscode, node, tensorflow, lit, toolkit, upward('engine', 'protocol', 'host', 'webview')],
  ),
  layer(
    ['src/protocol/**/*.ts'],
    [
      vscode,
      node,
      tensorflow,
      lit,
      toolkit,
      upward('host', 'webview'),
      no(['**/engine/**'], 'No.'),
    ],
  ),
  layer(['src/engine/**/*.ts'], [vscode, lit, toolkit, upward('host', 'webview')]),
  layer(['src/host/**/*.ts', 'src/extension.ts'], [tensorflow, lit, toolkit, upward('webview')]),
  layer(
    ['src/cli.ts', 'src/cli/**/*.ts'],
    [vscode, tensorflow, lit, toolkit, upward('host', 'webview')],
  ),
  layer(['webview/**/*.ts'], [vscode, node, tensorflow, toolkit, upward('engine', 'host')]),
  layer(['webview/ui/controls.ts'], [vscode, node, tensorflow, upward('engine', 'host')]),
  {
    files: ['test/**/*.ts', 'vitest.config.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  {
    // AssemblyScript is not quite TypeScript: its own compiler checks it, at every build and test run.
    files: ['src/engine/kernels/assembly/**/*.ts'],
    processor: { preprocess: () => [], postprocess: () => [] },
  },
);
