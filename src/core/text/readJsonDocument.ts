import type { DocumentOptions, JsonDocument } from './jsonDocument';
import { JsonDocumentReader } from './jsonDocumentReader';
import { windowOver } from './textWindow';

/** @param text JSON, with comments and bare NaN and infinities allowed; never throws */
export function readJsonDocument(text: string, options: DocumentOptions = {}): JsonDocument {
  const reader = new JsonDocumentReader(windowOver(text), options);
  while (!reader.advance());
  return reader.document();
}
