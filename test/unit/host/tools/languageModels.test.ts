import { describe, expect, it } from 'vitest';
import { languageModels } from '../../../../src/host/tools/languageModels';

class Part {
  constructor(readonly value: string) {}
}
class Answer {
  constructor(readonly content: readonly Part[]) {}
}

describe('languageModels', () => {
  it('is there where VS Code has it', () => {
    const registerTool = (): { dispose: () => void } => ({ dispose: () => undefined });
    const vscode = {
      lm: { registerTool },
      LanguageModelTextPart: Part,
      LanguageModelToolResult: Answer,
    };
    const api = languageModels(vscode);
    expect(api?.registerTool).toBe(registerTool);
    expect(api?.textResult('x')).toEqual(new Answer([new Part('x')]));
  });

  it.each([
    {},
    { lm: {} },
    { lm: { registerTool: () => undefined } },
    { lm: { selectChatModels: 1 } },
  ])('is silently absent in an older one: %j', vscode => {
    expect(languageModels(vscode)).toBeUndefined();
  });
});
