/** A REST API's proxy event (version 1.0) of a GraphQL POST, cut to what a handler reads. */
export function restApiEvent(body: object, own: object = {}): object {
  return {
    resource: '/graphql',
    path: '/graphql',
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json', Host: 'x.execute-api.us-east-1.amazonaws.com' },
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: { httpMethod: 'POST', path: '/prod/graphql', stage: 'prod' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
    ...own,
  };
}

/** A function URL's event (version 2.0) of a GraphQL POST; bodies may come as base64. */
export function functionUrlEvent(body: object): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/', protocol: 'HTTP/1.1' } },
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    isBase64Encoded: true,
  };
}

/** An event of both kinds of a GraphQL request by GET: decoded in 1.0, as it came in 2.0. */
export function getEvents(parameters: Record<string, string>): [string, object][] {
  const values = Object.entries(parameters).map(([name, value]) => [name, [value]]);
  const headers = { 'content-type': 'application/json' };
  const version1 = { httpMethod: 'GET', body: null, headers };
  const version2 = {
    ...functionUrlEvent({}),
    rawQueryString: new URLSearchParams(parameters).toString(),
    requestContext: { http: { method: 'GET', path: '/', protocol: 'HTTP/1.1' } },
    body: undefined,
    isBase64Encoded: false,
    headers,
  };
  return [
    [
      'a REST API',
      restApiEvent(
        {},
        { ...version1, multiValueQueryStringParameters: Object.fromEntries(values) },
      ),
    ],
    ['a function URL', version2],
  ];
}
