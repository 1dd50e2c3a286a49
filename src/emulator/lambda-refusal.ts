import { UsageError } from '../base/errors.ts';

export type LambdaRefusalCode =
  | 'InvalidParameterValueException'
  | 'PreconditionFailedException'
  | 'ResourceConflictException'
  | 'ResourceNotFoundException';

/** What Lambda's control plane would not do, with the code its clients get. */
export class LambdaRefusal extends UsageError {
  readonly code: LambdaRefusalCode;

  constructor(code: LambdaRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
