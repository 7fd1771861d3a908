/** Differences that are meant. docs/oracle.md tells why, under the same names. */
const EXPLAINED: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  compose: {
    "unset variables":
      /compose-go refuses it: (?:invalid spec: .*empty section between colons|.* '' does not match pattern|.*invalid boolean: $)/,
    "stand-in values": /compose-go refuses it: Invalid ip address: 1$/,
    "names of containers": /compose-go refuses it: .*container_name '.+' does not match pattern/,
  },
  kubernetes: {
    "fields for tools": /only the API server: unknown (?:\S*\$patch|sops)$/,
    status: /only the API server: unknown status\./,
    "values filled in later": /(?:rendered-later|kubernetes-security-context\/pod)\.yaml: .*cannot unmarshal string/,
    "kinds of others, kinds that are gone":
      /(?:DeploymentConfig|PodSecurityPolicy|RoleBinding) .*refuses it: no such kind$/,
    "merge keys": /only the API server: .*already set in map$/s,
    "end of a document in flow style": /invalid character '\.' after top-level value$/,
  },
};

export const explained = (oracle: string, difference: string): boolean =>
  Object.values(EXPLAINED[oracle] ?? {}).some((pattern) => pattern.test(difference));
