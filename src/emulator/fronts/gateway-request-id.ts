import { randomHex } from '../ids.ts';

/** The id of a request as API Gateway writes it: 16 characters that end with `=`. */
export function gatewayRequestId(): string {
  return Buffer.from(randomHex(11), 'hex').toString('base64');
}
