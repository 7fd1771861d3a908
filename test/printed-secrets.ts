import type { Deployment } from "../src/model.ts";

/** Secrets of a deployment that are long enough to be told from words of a report. */
export const secretsOf = ({ sensitive }: Pick<Deployment, "sensitive">): readonly string[] => {
  const texts = sensitive.map(({ file, start, end }) => file.text.slice(start, end));
  return [...new Set(texts.filter((text) => text.length >= 12 && /\d/.test(text) && !/\s/.test(text)))];
};

/** A secret as it may be printed: as it is, for a URL, and in base64, whatever stands before and behind it. */
export const printedForms = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  ...[0, 1, 2].map((before) => {
    const encoded = Buffer.from("x".repeat(before) + secret)
      .toString("base64")
      .replace(/=+$/, "");
    return encoded.slice(before ? 4 : 0, -4);
  }),
];
