import * as assert from 'node:assert';
import * as vscode from 'vscode';

describe('the host these suites run in', () => {
  it('is a VS Code at least as new as the manifest asks for', () => {
    const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
    assert.ok(major > 1 || minor >= 82, vscode.version);
  });
});
