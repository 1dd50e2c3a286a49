/** A reader of the XML that JUnit reports are made of, which throws where it is not well formed. */

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
const TOKEN = /<\?xml [^<>?]*\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|[^<]+/gy;

export function readXml(document: string): XmlElement {
  if (!CHARACTERS.test(document)) throw new Error('a character that XML 1.0 forbids');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(document); match !== null; match = TOKEN.exec(document)) {
    end = TOKEN.lastIndex;
    const [token, closes, opens, attributes = '', isEmpty] = match;
    const current = open.at(-1) as XmlElement;
    if (closes !== undefined) {
      if (closes !== open.pop()?.name) throw new Error(`</${closes}> closes another element`);
    } else if (opens !== undefined) {
      const child = { name: opens, attributes: read(attributes), children: [], text: '' };
      current.children.push(child);
      if (isEmpty === '') open.push(child);
    } else if (!token.startsWith('<?xml')) current.text += unescaped(token);
  }
  if (end !== document.length) throw new Error(`not XML: ${document.slice(end, end + 40)}`);
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one closed root');
  return root.children[0] as XmlElement;
}

function read(attributes: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`${name} twice`);
    found[name] = unescaped(value.replace(/[\t\n\r]/g, ' '));
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*;?)/g, (_, entity: string) => {
    const code = /^#(\d+);$/.exec(entity)?.[1];
    if (code !== undefined) return String.fromCodePoint(Number(code));
    const known: Record<string, string> = { 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"' };
    const character = known[entity];
    if (character === undefined) throw new Error(`&${entity} is no entity`);
    return character;
  });
}

/** All elements of a name, in the order of the document. */
export function elements(root: XmlElement, name: string): XmlElement[] {
  return root.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elements(child, name),
  ]);
}
