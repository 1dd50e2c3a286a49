import { resolvers } from './resolvers/resolvers.ts';
import { apolloHandler } from './servers/apollo.ts';
import { dynamoSource } from './sources/dynamo.ts';

export const handler = apolloHandler(resolvers(dynamoSource()));
