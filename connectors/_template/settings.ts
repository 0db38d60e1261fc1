import { z } from 'zod';
import { baseUrl, secret } from '#connect';

export const settings = z.strictObject({ baseUrl: baseUrl() });
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  apiKey: secret('The key that the hub shows with each call.'),
  webhookSecret: secret('What deliveries are signed with.'),
});
export type Credentials = z.infer<typeof credentials>;
