import * as vscode from 'vscode';
import type { Convention } from '../../core/batchnorm/convention';
import type { TensorContent, TensorLiteral } from '../../core/text/literal';
import { literalLanguages } from '../../core/text/literalLanguage';
import { findTensorLiteral } from '../../core/text/literals';
import { readableText, type ReadableText } from '../../core/text/readableText';
import { deservesHover } from './deservesHover';
import type { HoverTheme } from './histogramImage';
import { inspectCommand, plainMarkdown, previewMarkdown, type HoverPlace } from './hoverMarkdown';
import { parseHoverSettings, type HoverSettings } from './hoverSettings';
import { Recent } from './recent';
import { previewLiteral, type PreviewEngine, type TensorPreview } from './tensorPreview';

export interface HoverServices {
  /** Called at the first preview: the engine loads on first use. */
  readonly engine: () => PreviewEngine;
  /** The convention where a document names none. */
  readonly convention: (scope: vscode.Uri) => Convention;
}

/** Registers the hover over tensor literals, in documents of any scheme: files, notebook cells, output. */
export function registerTensorHover(services: HoverServices): vscode.Disposable {
  const provider = new TensorHover(services);
  const selector = literalLanguages.map(language => ({ language }));
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(selector, provider),
    vscode.workspace.onDidCloseTextDocument(document => provider.forget(document)),
  );
}

interface VersionedText {
  readonly version: number;
  readonly readable: ReadableText;
}

class TensorHover implements vscode.HoverProvider {
  /** A document's text is joined once a version, not at every movement of the mouse. */
  private readonly texts = new Recent<string, VersionedText>(2);
  private readonly previews = new Recent<string, TensorPreview>(4);

  constructor(private readonly services: HoverServices) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readSettings(document);
    if (!settings.enabled) return undefined;
    const { text, language } = this.textOf(document);
    const literal = findTensorLiteral(text, document.offsetAt(position), language);
    if (!literal || !deservesHover(literal, settings)) return undefined;
    const place = placeIn(document);
    if (!isTensor(literal)) return hover(plainMarkdown(literal, place), document, literal);
    const preview = await this.previewOf(document, { text, language }, literal, token);
    if (!preview || token.isCancellationRequested) return undefined;
    return hover(previewMarkdown(literal, preview, place), document, literal);
  }

  forget(document: vscode.TextDocument): void {
    this.texts.delete(document.uri.toString());
    // Opened again, a document counts its versions from 1, whatever it holds by then.
    this.previews.clear();
  }

  private textOf(document: vscode.TextDocument): ReadableText {
    const key = document.uri.toString();
    const known = this.texts.get(key);
    if (known?.version === document.version) return known.readable;
    const { languageId, uri, version } = document;
    const readable = readableText(document.getText(), languageId, uri.path);
    this.texts.set(key, { version, readable });
    return readable;
  }

  private async previewOf(
    document: vscode.TextDocument,
    { text, language }: ReadableText,
    literal: TensorLiteral & { readonly content: TensorContent },
    token: vscode.CancellationToken,
  ): Promise<TensorPreview | undefined> {
    const fallback = this.services.convention(document.uri);
    const key = [
      document.uri.toString(),
      document.version,
      literal.range.start,
      fallback.id,
    ].join();
    const known = this.previews.get(key);
    if (known) return known;
    const request = { text, literal, language, fallback };
    const preview = await previewLiteral(request, this.services.engine(), signalOf(token));
    if (!preview.ok) return undefined;
    // A problem may pass (an engine that stopped); only results are kept.
    const keeps = preview.value.step?.ok !== false && !document.isClosed;
    if (keeps) this.previews.set(key, preview.value);
    return preview.value;
  }
}

function isTensor(
  literal: TensorLiteral,
): literal is TensorLiteral & { readonly content: TensorContent } {
  return literal.content.kind === 'tensor';
}

function readSettings(document: vscode.TextDocument): HoverSettings {
  const configuration = vscode.workspace.getConfiguration('normscope.hover', document);
  return parseHoverSettings(key => configuration.get<unknown>(key));
}

function hover(
  markdown: string,
  document: vscode.TextDocument,
  { range }: TensorLiteral,
): vscode.Hover {
  const content = new vscode.MarkdownString(markdown);
  content.isTrusted = { enabledCommands: [inspectCommand] };
  const start = document.positionAt(range.start);
  return new vscode.Hover(content, new vscode.Range(start, document.positionAt(range.end)));
}

function placeIn(document: vscode.TextDocument): HoverPlace {
  return {
    uri: document.uri.toString(),
    theme: themeOf(vscode.window.activeColorTheme.kind),
    lineOf: offset => document.positionAt(offset).line + 1,
  };
}

const themes: Readonly<Record<vscode.ColorThemeKind, HoverTheme>> = {
  [vscode.ColorThemeKind.Light]: 'light',
  [vscode.ColorThemeKind.Dark]: 'dark',
  [vscode.ColorThemeKind.HighContrast]: 'highContrast',
  [vscode.ColorThemeKind.HighContrastLight]: 'highContrastLight',
};

function themeOf(kind: vscode.ColorThemeKind): HoverTheme {
  return themes[kind];
}

/** Aborts when VS Code no longer wants the hover. */
function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
