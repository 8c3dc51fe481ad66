import * as vscode from 'vscode';
import type { Convention } from '../../core/batchnorm/convention';
import { fail, type Result } from '../../core/problem';
import type { FileLayer } from '../files/fileEngine';
import { baseName, type CallSource } from '../inspection/source';
import type { CallReader } from './callReader';
import type { CallHover, CallLens, CallPlace, CodeReading } from './codeReading';
import { codeTextOf } from './codeText';

/** Loads what reads code when a document with a batch-norm word is first met: most windows have none. */
export class LazyCode implements CallReader {
  #loaded: Promise<CodeReading> | undefined;

  constructor(private readonly convention: (scope: vscode.Uri) => Convention) {}

  async lenses(document: vscode.TextDocument): Promise<readonly CallLens[]> {
    const code = codeTextOf(document);
    return code ? (await this.#load()).lenses(code, this.convention(document.uri)) : [];
  }

  async hover(document: vscode.TextDocument, offset: number): Promise<CallHover | undefined> {
    const code = codeTextOf(document);
    return code && (await this.#load()).hover(code, offset, this.convention(document.uri));
  }

  /** The call that an offset is in, as the source of an inspection. */
  async sourceAt(document: vscode.TextDocument, offset: number): Promise<CallSource | undefined> {
    const code = codeTextOf(document);
    const place: CallPlace | undefined =
      code && (await (await this.#load()).callAt(code, offset, this.convention(document.uri)));
    if (!place) return undefined;
    const { start, end, name } = place;
    const uri = document.uri.toString();
    return { kind: 'call', uri, range: { start, end }, name, input: { kind: 'own', seed: 1 } };
  }

  async layer({ uri, range }: CallSource): Promise<Result<FileLayer>> {
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    } catch {
      return fail('source-missing', `${baseName(uri)} cannot be read any more.`);
    }
    const code = codeTextOf(document);
    if (!code) {
      const message = `${baseName(uri)} has no batch-norm call any more.`;
      return fail('call-missing', message);
    }
    return (await this.#load()).layer(code, range.start, this.convention(document.uri));
  }

  #load(): Promise<CodeReading> {
    this.#loaded ??= import('./codeReading').then(({ createCodeReading }) => createCodeReading());
    return this.#loaded;
  }
}
