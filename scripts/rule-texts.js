/** What only a reader asks for: prose, and lists of names and links. As the formatter writes them, one field of `meta` each. */
const FIELDS = [
  /^ {4}(why|remedy): (`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\.)*"),$/gm,
  /^ {4}(why|remedy):\s+("(?:[^"\\]|\\.)*"),$/gm,
  /^ {4}(references|guides): (\[[\s\S]*?\]),$/gm,
  /^ {4}(sameAs): (\{[\s\S]*?\}),$/gm,
];

/** Gives `meta` of a rule what was moved out, when it is read. */
const defineRule = (fileName) => `const texts = {
  __proto__: null,
  get why() { return require("./${fileName}")[this.id].why; },
  get remedy() { return require("./${fileName}")[this.id].remedy; },
  get references() { return require("./${fileName}")[this.id].references; },
  get guides() { return require("./${fileName}")[this.id].guides; },
  get sameAs() { return require("./${fileName}")[this.id].sameAs; },
};
export const defineRule = (rule) => {
  Object.setPrototypeOf(rule.meta, texts);
  return rule;
};`;

/**
 * Moves these fields of the rules into a file of their own that is loaded when somebody reads one: a plain run compiles
 * half as much. In the sources they stay with their rule.
 */
export function ruleTexts(fileName) {
  const texts = new Map();
  return {
    name: "rule-texts",
    resolveId: (id) => (id === `./${fileName}` ? { id, external: true } : null),
    transform(code, path) {
      if (/\/src\/rule\.ts$/.test(path.replaceAll("\\", "/"))) {
        return { code: code.replace(/^export const defineRule = .*;$/m, () => defineRule(fileName)), map: null };
      }
      const id = /\/rules\/([\w-]+\/[\w-]+)\.ts$/.exec(path.replaceAll("\\", "/"))?.[1];
      if (!id) return null;
      const own = {};
      const move = (_, key, text) => {
        own[key] = text;
        return "";
      };
      const without = FIELDS.reduce((rest, field) => rest.replace(field, move), code);
      texts.set(id, own);
      return { code: without, map: null };
    },
    generateBundle() {
      const fields = (own) => Object.entries(own).map(([key, text]) => `${key}:${text}`);
      const entries = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
      const source = entries.map(([id, own]) => `${JSON.stringify(id)}:{${fields(own).join(",")}}`).join(",\n");
      this.emitFile({ type: "asset", fileName, source: `module.exports={${source}};\n` });
    },
  };
}
