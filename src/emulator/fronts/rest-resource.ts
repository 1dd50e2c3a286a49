import { UsageError } from '../../base/errors.ts';

export interface MatchedPath {
  /** As the event has it: without the stage, leading slashes made one. */
  path: string;
  /** As the request's context has it: with the stage. */
  fullPath: string;
  /** Still percent-encoded; null where the resource has none. */
  parameters: Record<string, string> | null;
}

/** The one resource of a REST API, under its stage. */
export interface RestResource {
  /** e.g. `/users/{id}` or `/{proxy+}` */
  template: string;
  /** What comes before its first parameter: `/users/`. */
  fixedPath: string;
  /** null where the path is not the resource's. */
  match(path: string): MatchedPath | null;
}

const SEGMENT = /^(?:[A-Za-z0-9._,:-]+|\{[A-Za-z0-9._-]+\+?\})$/;

/**
 * Slashes before and after the stage may be several, and one at the end is not looked at. Recorded of
 * the service: localstack, test_lambda_aws_proxy_integration; the rules of a template are in the API
 * Gateway Developer Guide, "Important notes".
 * @throws UsageError for a template that is none
 */
export function restResource(template: string, stage: string): RestResource {
  const names: string[] = [];
  const segments = template.split('/').slice(1);
  const last = segments.length - 1;
  const sound =
    template === '/' ||
    (template.startsWith('/') &&
      segments.every((segment, index) => {
        const greedy = segment.endsWith('+}');
        return SEGMENT.test(segment) && (!greedy || index === last);
      }));
  if (!sound) {
    throw new UsageError(
      `--resource: "${template}" is no resource; write a path such as /graphql, /users/{id} or /{proxy+}`,
    );
  }
  const pattern = segments.map((segment) => {
    if (!segment.startsWith('{')) return segment.replaceAll(/[.]/g, '\\.');
    const greedy = segment.endsWith('+}');
    names.push(segment.slice(1, greedy ? -2 : -1));
    return greedy ? '(.+?)' : '([^/]+)';
  });
  const matcher = new RegExp(`^/${pattern.join('/')}/?$`);
  const prefix = `/${stage}`;
  const parameterAt = template.indexOf('{');

  return {
    template,
    fixedPath: parameterAt < 0 ? template : template.slice(0, parameterAt),
    match(sent) {
      const path = sent.startsWith('//') ? sent.replace(/^\/+/, '/') : sent;
      if (!path.startsWith(prefix)) return null;
      const rest = path.slice(prefix.length);
      if (rest !== '' && !rest.startsWith('/')) return null;
      const inner = `/${rest.replace(/^\/+/, '')}`;
      const found = matcher.exec(inner);
      if (found === null) return null;
      return {
        path: inner,
        fullPath: path,
        parameters:
          names.length === 0
            ? null
            : Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])),
      };
    },
  };
}
