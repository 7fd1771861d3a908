/** What a normalizer contributes: any of the lists of the model. */
import type { Deployment, Settings } from "../model.ts";

type Lists = Omit<Deployment, "files" | "git" | "settings" | "problems" | "history">;

export type Facts = Partial<Lists> & { readonly settings?: Partial<Settings> } & Partial<Pick<Deployment, "problems">>;
