import { createHmac } from 'node:crypto';

export const USERNAME = 'hub@company.example';

/** What the administrator of the hub logs in with. */
export function passwordOf(secret: string): string {
  return createHmac('sha256', secret).update('password').digest('hex').slice(0, 24);
}

export class Sessions {
  readonly #open = new Set<string>();
  #count = 0;

  constructor(private readonly secret: string) {}

  open(username: string, password: string): string | null {
    if (username !== USERNAME || password !== passwordOf(this.secret)) return null;
    this.#count += 1;
    const token = createHmac('sha256', this.secret).update(`session ${this.#count}`).digest('hex');
    this.#open.add(token);
    return token;
  }

  isOpen(authorization: string | undefined): boolean {
    return this.#open.has(/^Bearer (\w+)$/.exec(authorization ?? '')?.[1] ?? '');
  }

  /** All of them: whoever asks has to log in again. */
  expire(): void {
    this.#open.clear();
  }
}
