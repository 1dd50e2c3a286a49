import { join } from 'node:path';
import { type Endpoint, functionSettings } from '../../model/endpoint.ts';
import type { HandlerSource } from '../../model/own-handler.ts';
import type { HandlerArtifact } from '../../model/ports.ts';
import { bundleFacts } from '../shared/bundle-facts.ts';
import { prepareHandler } from './prepare-handler.ts';

/** Bundles or copies a handler of the user's, `named` by a setting, into `folder` and weighs it. */
export async function ownArtifact(
  own: HandlerSource,
  endpoint: Endpoint,
  folder: string,
  named: string,
): Promise<HandlerArtifact> {
  const { runtime } = functionSettings(endpoint);
  const { handler, sourceMap } = await prepareHandler(own, runtime, folder, named);
  const facts = await bundleFacts(endpoint, join(folder, handler.file));
  return { folder, ...handler, facts, ...(sourceMap !== undefined && { sourceMap }) };
}
