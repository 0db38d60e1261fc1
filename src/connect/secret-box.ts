import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what may not be read from the database alone. */
export interface SecretBox {
  /** `boundTo` names the record: the box opens under no other name. */
  seal(plain: string, boundTo: string): Buffer;
  /** Throws where the key is another, the name is another, or a byte was changed. */
  open(sealed: Buffer, boundTo: string): string;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MIN_KEY_LENGTH = 16;

/** AES-256-GCM under a key derived from the hub's secret key. Throws where that is too short to be one. */
export function secretBox(secretKey: string): SecretBox {
  if (secretKey.length < MIN_KEY_LENGTH) {
    throw new Error(`the secret key: expected at least ${MIN_KEY_LENGTH} characters, got ${secretKey.length}`);
  }
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'commerce-hub', 'integration credentials', 32));
  return {
    seal(plain, boundTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, boundTo) {
      if (sealed[0] !== VERSION) throw new Error(`sealed by version ${sealed[0]} of the box, this is ${VERSION}`);
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(boundTo)).setAuthTag(tag);
      const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
