import type { SandboxAnswer } from '#connect';

const LASTS_SECONDS = 3_600;

/** What a hub connects with. */
export function credentialsFor(secret: string) {
  return {
    clientId: 'amzn1.application-oa2-client.sandbox',
    clientSecret: `client-${secret}`,
    refreshToken: `Atzr|${secret}`,
    notificationSecret: secret,
  };
}

/** Login with Amazon: access tokens for an hour. */
export class Tokens {
  readonly #endsAt = new Map<string, number>();

  constructor(
    private readonly secret: string,
    private readonly now: () => Date,
  ) {}

  issue(body: Buffer): SandboxAnswer {
    const form = new URLSearchParams(body.toString('utf8'));
    const { clientId, clientSecret, refreshToken } = credentialsFor(this.secret);
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return this.#refuse(401, 'invalid_client', 'Client authentication failed');
    }
    if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== refreshToken) {
      return this.#refuse(400, 'invalid_grant', 'The request has an invalid grant parameter : refresh_token');
    }
    const token = `Atza|${this.#endsAt.size + 1}-${this.secret}`;
    this.#endsAt.set(token, this.now().getTime() + LASTS_SECONDS * 1_000);
    const answer = {
      access_token: token,
      refresh_token: refreshToken,
      token_type: 'bearer',
      expires_in: LASTS_SECONDS,
    };
    return { status: 200, body: answer };
  }

  #refuse(status: number, error: string, description: string): SandboxAnswer {
    return { status, body: { error, error_description: description } };
  }

  isGood(token: string | string[] | undefined): boolean {
    return typeof token === 'string' && (this.#endsAt.get(token) ?? 0) > this.now().getTime();
  }

  /** As when tokens end before their time. */
  revokeAll(): void {
    for (const token of this.#endsAt.keys()) this.#endsAt.set(token, 0);
  }
}
