import { REQUEST_FIELDS, REQUEST_METADATA } from '../../model/k6-samples.ts';
import { csvRows, type KnownRequest } from './known-request.ts';

/**
 * The 13 rows k6 writes of a request whose script tells all of it in one sample: those of `csvRows`, with
 * the fields taken from them, and four that carry no metadata.
 * @param earlier the rows as `csvRows` gives them, and more in the metadata of the last
 */
export function packedRows(known: KnownRequest, earlier: string = csvRows(known)): string {
  const rows = earlier.trimEnd().split('\n');
  const own = (rows.pop() ?? '').split(',');
  const us: Record<string, number> = {};
  let metadata = '';
  for (const row of rows) {
    const cells = row.split(',');
    us[(cells[0] ?? '').replace('http_req_', '')] = Math.round(Number(cells[2]) * 1000);
    metadata = cells[8] ?? '';
  }
  const given = Object.fromEntries((own[8] ?? '').split('&').map((pair) => pair.split('=')));
  const values: Record<string, string | number | undefined> = {
    ...given,
    total_us: Math.round(Number(own[2]) * 1000),
    blocked_us: us.blocked,
    connecting_us: us.connecting,
    tls_us: us.tls_handshaking,
    sending_us: us.sending,
    waiting_us: us.waiting,
    receiving_us: us.receiving,
  };
  own[8] = `${REQUEST_METADATA}=${REQUEST_FIELDS.map((name) => values[name] ?? '').join(';')}`;
  const after = ['data_sent', 'data_received', 'iteration_duration', 'iterations'].map(
    (metric) => `${metric},${own[1]},611.000000,,,ramp,,,`,
  );
  const text = `${[...rows, own.join(','), ...after].join('\n')}\n`;
  // k6 writes the keys of metadata in no order.
  const [key = '', id = ''] = metadata.split('&');
  return known.index % 2 === 0 ? text : text.replaceAll(metadata, `${id}&${key}`);
}
