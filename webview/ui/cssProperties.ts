import { nothing } from 'lit/html.js';
import { directive, Directive, type ElementPart } from 'lit/directive.js';

/**
 * Sets css properties through the style object. lit's own `styleMap` writes the `style` attribute at
 * the first render, which the page's content security policy refuses.
 */
class CssProperties extends Directive {
  override render(_properties: Readonly<Record<string, string>>): typeof nothing {
    return nothing;
  }

  override update(
    part: ElementPart,
    [properties]: [Readonly<Record<string, string>>],
  ): typeof nothing {
    if (!(part.element instanceof HTMLElement)) return nothing;
    const { style } = part.element;
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return nothing;
  }
}

export const cssProperties = directive(CssProperties);
