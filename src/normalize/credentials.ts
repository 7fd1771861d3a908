/** What a value is, judged by its name and itself: see `CredentialKind` in the model. */
import type { Credential, EnvValue, Located } from "../model.ts";

/** Absent if neither the name promises a credential nor the value is one. */
export function credentialOf(_name: string, _value: Located<EnvValue>): Credential | undefined {
  return undefined;
}
