import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Removes all versions, delete markers and unfinished uploads. A bucket that is not there is empty.
 * @throws Error where objects are left: AWS's words about the first
 */
export async function emptyBucket(
  client: S3Client,
  bucket: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await removeUploads(client, bucket, signal);
    await removeVersions(client, bucket, signal);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') return;
    throw error;
  }
}

async function removeVersions(client: S3Client, bucket: string, abortSignal: AbortSignal) {
  const { DeleteObjectsCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  for (;;) {
    // Always the first page: what is listed is then removed.
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }), {
      abortSignal,
    });
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }) => ({ Key, VersionId }),
    );
    if (objects.length === 0) return;
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
      { abortSignal },
    );
    const [first] = Errors ?? [];
    if (first !== undefined) throw new Error(`${first.Key}: ${first.Code}: ${first.Message}`);
  }
}

async function removeUploads(client: S3Client, bucket: string, abortSignal: AbortSignal) {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import(
    '@aws-sdk/client-s3'
  );
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }), {
    abortSignal,
  });
  for (const { Key, UploadId } of Uploads ?? []) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }), {
      abortSignal,
    });
  }
}
