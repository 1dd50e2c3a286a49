import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Html, html, scriptJson } from './html-text.ts';

test('what is interpolated is text', () => {
  expect(html`<b title="${'"<x>'}">${"'&"}</b>`.text).toBe(
    '<b title="&quot;&lt;x&gt;">&#39;&amp;</b>',
  );
});

test('markup, lists and absent parts', () => {
  expect(html`${html`<i></i>`}${[1, html`<b></b>`]}${null}${undefined}${false}`.text).toBe(
    '<i></i>1<b></b>',
  );
});

test('no string opens a tag or leaves its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(html`<p title="${text}">${text}</p>`.text.slice(10, -4)).not.toMatch(/<(?!\/?p)|'/);
      expect(html`${text}`.text).not.toMatch(/[<>"']/);
    }),
  );
});

test('JSON in a script keeps its value and holds no markup and no line separator', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { text } = scriptJson(value);
      expect(text).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(scriptJson('</script>\u2028').text).toBe('"\\u003c/script\\u003e\\u2028"');
  expect(scriptJson(1)).toBeInstanceOf(Html);
});
