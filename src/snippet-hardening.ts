/** What `container/unhardened` says and does about each measure that a container lacks. */
import type { Blank, Container, Located } from "./model.ts";
import type { Edit } from "./rule.ts";
import { isRootUser } from "./snippet-users.ts";

/** A blank and what is filled into it. */
export type Filled = readonly [blank: Blank, value: string];

export interface Measure {
  readonly title: string;
  readonly missing: (container: Container) => boolean;
  /** Lines without indentation: attributes of a service, fields of a security context. "" where there is no such thing. */
  readonly compose: (container: Container) => string;
  readonly kubernetes: (container: Container) => string;
  /** How it is written; absent where it might break what runs, where nobody knows a value, and where no place is for it. */
  readonly written?: (container: Container) => readonly Filled[] | undefined;
}

export const MEASURES: readonly Measure[] = [
  {
    title: "no-new-privileges",
    missing: ({ privilegeEscalation }) => privilegeEscalation?.value === true,
    compose: () => 'security_opt: ["no-new-privileges:true"]',
    kubernetes: () => "allowPrivilegeEscalation: false",
    written: ({ privilegeEscalation, format }) => filled(privilegeEscalation, format === "compose" ? "true" : "false"),
  },
  {
    title: "dropped capabilities",
    missing: ({ defaultCapabilities }) => defaultCapabilities !== undefined,
    compose: (container) => `cap_drop: [ALL]${added(container, (names) => `\ncap_add: [${names.join(", ")}]`)}`,
    kubernetes: (container) =>
      `capabilities:\n  drop: [ALL]${added(container, (names) => `\n  add: [${names.join(", ")}]`)}`,
    written: (container) =>
      together(
        filled(container.defaultCapabilities, container.format === "compose" ? "[ALL]" : '["ALL"]'),
        kept(container),
      ),
  },
  {
    title: "seccomp",
    missing: ({ seccomp, format }) => format === "kubernetes" && seccomp?.value === "",
    compose: () => "",
    kubernetes: () => "seccompProfile:\n  type: RuntimeDefault",
    written: ({ seccomp }) => filled(seccomp, "RuntimeDefault"),
  },
  {
    title: "read-only root",
    missing: ({ readOnlyRoot }) => readOnlyRoot?.value === false,
    compose: ({ needs }) => {
      const { names } = needs?.folders ?? { names: ["/tmp"] };
      return `read_only: true${names.length ? `\ntmpfs: [${names.join(", ")}]` : ""}`;
    },
    kubernetes: () => "readOnlyRootFilesystem: true",
    written: ({ readOnlyRoot, needs }) => together(filled(readOnlyRoot, "true"), needs?.folders?.blanks),
  },
  {
    title: "memory limit",
    missing: ({ memoryLimit }) => memoryLimit?.value === false,
    compose: () => "mem_limit: 512m",
    kubernetes: () => "",
  },
];

const filled = (fact: Located<unknown> | undefined, value: string): readonly Filled[] | undefined =>
  fact?.blank && [[fact.blank, value]];

const together = (first: readonly Filled[] | undefined, needed: readonly Blank[] | undefined) =>
  first && needed && [...first, ...needed.map((blank): Filled => [blank, ""])];

/** A process that never is root holds no capability that could be missed. */
const givenUp = ({ user, runAsNonRoot }: Container): boolean =>
  runAsNonRoot?.value === true || (user !== undefined && !isRootUser(user.value));

/** What gives back the capabilities that the image needs; absent where nobody knows them. */
const kept = (container: Container): readonly Blank[] | undefined =>
  givenUp(container) ? [] : container.needs?.capabilities.blanks;

function added(container: Container, line: (names: readonly string[]) => string): string {
  const names = givenUp(container) ? [] : (container.needs?.capabilities.names ?? []);
  return names.length ? line(names) : "";
}

/**
 * The edits that fill in blanks, as if each knew of those before it at its place: a key that two of them would open, because
 * it is not written yet, is opened once, and commas stand between fields of `{}`.
 */
export function fillTogether(parts: readonly Filled[]): readonly Edit[] {
  const edits: Edit[] = [];
  let last: { readonly blank: Blank; readonly text: string } | undefined;
  const close = () => last && edits.push({ span: last.blank.span, text: last.text + last.blank.after });
  for (const [blank, value] of parts) {
    const joint = last && jointOf(last.blank, blank);
    if (last && joint) {
      last = { blank, text: last.text + joint.between + blank.before.slice(joint.opened) + value };
    } else {
      close();
      last = { blank, text: blank.before + value };
    }
  }
  close();
  return edits;
}

/** How much of `b.before` is open already behind `a`, and what comes between; absent where the two are apart. */
function jointOf(a: Blank, b: Blank): { readonly opened: number; readonly between: string } | undefined {
  if (a.span.file !== b.span.file || a.span.start !== b.span.start) return undefined;
  let length = 0;
  while (length < a.before.length && a.before[length] === b.before[length]) length++;
  const common = a.before.slice(0, length);
  const flow = common.lastIndexOf("{") + 1;
  if (flow) {
    const inside = braces(a.before) - braces(common);
    return { opened: flow, between: `${a.after.slice(0, inside)}, ` };
  }
  const block = Math.max(0, common.lastIndexOf("\n"));
  if (common.slice(0, block).includes(":")) return { opened: block, between: "" };
  return /^}*$/.test(a.after) && /^[^\s,]/.test(b.before) ? { opened: 0, between: `${a.after}, ` } : undefined;
}

const braces = (text: string): number => text.split("{").length - 1;
