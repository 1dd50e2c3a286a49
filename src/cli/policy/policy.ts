import { deploying } from './deploying.ts';
import { removing } from './removing.ts';
import { running } from './running.ts';
import type { Scope, Statement } from './statement.ts';

export const TASKS = ['deploy', 'run', 'destroy'] as const;
export type Task = (typeof TASKS)[number];

const STATEMENTS: Record<Task, (scope: Scope) => Statement[]> = {
  deploy: deploying,
  run: running,
  destroy: removing,
};

/** An IAM policy, ready to be attached. */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: ({ Effect: 'Allow' } & Omit<Statement, 'why'>)[];
}

/** The statements of a task with their reasons; what is said twice of the same resources is one. */
export function statementsOf(task: Task, scope: Scope): Statement[] {
  const merged = new Map<string, Statement>();
  for (const statement of STATEMENTS[task](scope)) {
    const before = merged.get(statement.Sid);
    merged.set(
      statement.Sid,
      before === undefined
        ? statement
        : {
            ...before,
            why: `${before.why} ${statement.why}`,
            Action: [...new Set([...before.Action, ...statement.Action])],
          },
    );
  }
  return [...merged.values()];
}

/** The least policy of a task. Without white space it is within a managed policy's 6,144 characters. */
export function policyOf(task: Task, scope: Scope): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statementsOf(task, scope).map(({ Sid, Action, Resource, Condition }) => ({
      Sid,
      Effect: 'Allow',
      Action: [...Action].sort(),
      Resource,
      ...(Condition !== undefined && { Condition }),
    })),
  };
}
