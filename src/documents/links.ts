import type { ServiceKey } from '../graph/context.js';
import { signerFor, type Signer } from '../shared/signer.js';

/** What a link opens, and nothing else. */
export interface LinkTarget {
  /** What kind of thing it is: a link to one kind never opens another. */
  kind: string;
  /** As the graph shows it. */
  id: string;
  language: string;
}
export type LinkCheck = 'GOOD' | 'EXPIRED' | 'FORGED';

export interface LinkSettings {
  secretKey: string;
  /** Where others reach the hub; asked for at each link, since the port is known late. */
  publicUrl: () => string;
  lifetimeMs: number;
}

const SECONDS = /^\d{1,12}$/;

/** Signs addresses that open one thing, until a time, for whoever has them; no key of the hub is needed with them. */
export class SignedLinks {
  readonly #signer: Signer;

  constructor(private readonly settings: LinkSettings) {
    this.#signer = signerFor(settings.secretKey, 'signed links');
  }

  /** The address under `path`, which ends in a slash. */
  urlOf(path: string, target: LinkTarget, now: Date): string {
    const expires = String(Math.floor((now.getTime() + this.settings.lifetimeMs) / 1000));
    const url = new URL(`${path}${target.id}`, this.settings.publicUrl());
    url.search = new URLSearchParams({
      language: target.language,
      expires,
      signature: this.#signer.sign(textOf(target, expires)),
    }).toString();
    return url.href;
  }

  /** Whether the hub has signed it, and if so, whether its time has come. */
  check(target: LinkTarget, expires: string, signature: string, now: Date): LinkCheck {
    if (!SECONDS.test(expires) || !this.#signer.isSigned(textOf(target, expires), signature)) return 'FORGED';
    return Number(expires) * 1000 > now.getTime() ? 'GOOD' : 'EXPIRED';
  }
}

function textOf({ kind, id, language }: LinkTarget, expires: string): string {
  return JSON.stringify([kind, id, language, expires]);
}

export const signedLinks: ServiceKey<SignedLinks> = { name: 'signed-links' };
