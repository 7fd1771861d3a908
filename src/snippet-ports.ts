/** What rules about published ports say alike. */
import type { Port } from "./model.ts";
import { type Fix, fill } from "./rule.ts";
import { composeService, kubernetesContainer } from "./snippet.ts";

/** Where a published port can be reached, for messages: "on every interface". */
export const openAt = ({ via }: Port): string => OPEN[via];

const OPEN: Readonly<Record<Port["via"], string>> = {
  ports: "on every interface",
  expose: "to its network",
  hostNetwork: "on the network of its host",
  hostPort: "on its node",
  containerPort: "to its cluster",
  ClusterIP: "on external addresses",
  NodePort: "on every node",
  LoadBalancer: "through a public load balancer",
  Ingress: "to the outside",
};

/** On the loopback address, where the language has addresses. */
const onLoopback = ({ bind }: Port): Fix | undefined =>
  bind && {
    title: "listen on the loopback address",
    safety: "unsafe",
    edits: [fill(bind, "127.0.0.1")],
  };

/** For its project or cluster alone. */
const closed = ({ closed, format }: Port): Fix | undefined =>
  closed && {
    title: format === "compose" ? "expose it to other services alone" : "publish it in the cluster alone",
    safety: "unsafe",
    edits: closed.map((blank) => fill(blank, "")),
  };

/** What people on the host go on using: on the loopback address. */
export const keptForTheHost = (port: Port): Fix | undefined =>
  onLoopback(port) ?? (port.format === "kubernetes" ? closed(port) : undefined);

/** What other services alone have to reach. */
export const keptInside = (port: Port): Fix | undefined => closed(port) ?? onLoopback(port);

const range = (first: number | undefined, last: number | undefined): string =>
  last === undefined ? `${first ?? ""}` : `${first}-${last}`;

/** Number or range inside the container, or what is published where the inside is not known. */
export const portNumber = ({ target, targetEnd, published, publishedEnd }: Port): string =>
  target === undefined ? range(published, publishedEnd) : range(target, targetEnd);

/** The port on the loopback address; in Kubernetes inside the cluster alone. */
export function unpublished(port: Port): string {
  const { format, owner, published, publishedEnd, via } = port;
  const target = portNumber(port);
  if (format === "compose") {
    const outside = published === undefined ? target : range(published, publishedEnd);
    return composeService(owner, `ports:\n  - "127.0.0.1:${outside}:${target}"`);
  }
  return via === "hostPort" || via === "hostNetwork"
    ? kubernetesContainer(owner, `ports:\n  - containerPort: ${target}`)
    : clusterService(port);
}

function clusterService({ owner, published, target, via }: Port): string {
  const outside = via === "LoadBalancer" ? published : target;
  const ports = outside === undefined ? "" : `\n  ports:\n    - port: ${outside}`;
  const inside = target === undefined || target === outside ? "" : `\n      targetPort: ${target}`;
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${owner}\nspec:\n  type: ClusterIP${ports}${inside}`;
}
