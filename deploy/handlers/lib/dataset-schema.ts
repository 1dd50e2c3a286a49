/** The schema that holds a data set on AWS; a name that needs no quotes. */
export function datasetSchema({ name, indexed }: { name: string; indexed: boolean }): string {
  return `bench_${name}_${indexed ? 'indexed' : 'keys'}`;
}
