import { OUTCOMES } from '../../model/k6-samples.ts';
import { literal } from '../../store/tables/database.ts';

/** The value of a key in k6's `k=v&k=v`, empty where there is none: most are not there. */
export function keyValue(column: string, key: string): string {
  return `case when contains(${column}, '${key}=')
    then split_part(split_part('&' || ${column}, '&${key}=', 2), '&', 1) else '' end`;
}

/** Decodes a percent-encoded value; one that is not well encoded stays as it is. */
export function decoded(expression: string): string {
  return `case when contains(${expression}, '%')
    then coalesce(try(url_decode(${expression})), ${expression}) else ${expression} end`;
}

/** Makes the table `tagged`: there are few combinations of tags, and each is taken apart once. */
export function taggedSql(distinctTags: string): string {
  return `
    create table tagged as
    select tags, ${decoded(keyValue('tags', 'operation'))} as operation,
      coalesce(nullif(${keyValue('tags', 'phase')}, ''), 'hold') as phase,
      ${decoded(keyValue('tags', 'outcome'))} as own_outcome,
      coalesce(own_outcome not in (${OUTCOMES.map(literal).join(', ')}), true) as odd_outcome
    from (${distinctTags})`;
}

/** With the columns of `tagged`: what is no outcome is one by its status. */
export function outcomeSql(status: string): string {
  return `case when not odd_outcome then own_outcome
        when ${status} = 0 then 'network_error' else 'http_error' end`;
}

/** What of the requests is no row of `sent`. */
export interface RequestCounts {
  /** Samples without a number where their time or value should be, or not whole. */
  malformed: number;
  oddOutcomes: number;
  /** Requests k6 began but did not finish: no `graphql_request` sample, the load ended first. */
  unfinished: number;
  /** Requests that were sent and of which no sample is there. */
  lostSamples: number;
}

/** Of all join keys. They count up without gaps from 0; what is missing was sent and its samples were lost. */
export const LOST = 'coalesce(greatest(max(join_key) + 1 - count(distinct join_key), 0), 0)';
