/** Differences that are meant. docs/oracle.md tells why, under the same names. */
const EXPLAINED: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  compose: {
    "unset variables":
      /compose-go refuses it: (?:invalid spec: .*empty section between colons|.* '' does not match pattern|.*invalid boolean: $)/,
    "stand-in values": /compose-go refuses it: Invalid ip address: 1$/,
    "names of containers": /compose-go refuses it: .*container_name '.+' does not match pattern/,
  },
  dockerfile: {},
};

export const explained = (oracle: string, difference: string): boolean =>
  Object.values(EXPLAINED[oracle] ?? {}).some((pattern) => pattern.test(difference));
