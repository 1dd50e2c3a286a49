/** A REST API's proxy event (version 1.0) of a GraphQL POST, cut to what a handler reads. */
export function restApiEvent(body: object): object {
  return {
    resource: '/graphql',
    path: '/graphql',
    httpMethod: 'POST',
    headers: { 'content-type': 'application/json', Host: 'x.execute-api.us-east-1.amazonaws.com' },
    multiValueHeaders: { 'content-type': ['application/json'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: { httpMethod: 'POST', path: '/prod/graphql', stage: 'prod' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
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
