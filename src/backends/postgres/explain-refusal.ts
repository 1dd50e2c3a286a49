import { errnoOf, messageOf, UsageError } from '../../base/errors.ts';

/** Where a PostgreSQL of the user's is, without the password. */
export interface Place {
  host: string;
  user: string;
  database: string;
}

/** Throws UsageError, without a word of the URL: it may hold a password. */
export function parsedUrl(text: string): Place {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new UsageError(
      '--postgres-url: it is not of the form postgresql://user:password@host:5432/database',
    );
  }
  const user = decoded(url.username);
  const name = url.hostname || url.searchParams.get('host') || 'localhost';
  return {
    host: url.port === '' ? name : `${name}:${url.port}`,
    user,
    database: decoded(url.pathname.slice(1)) || user,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError(
      '--postgres-url: a % in it is not followed by two hexadecimal digits; a % itself is written %25',
    );
  }
}

/** What PostgreSQL, TLS or the network refused, as what the user can do. Unknown errors keep their words. */
export function explained(error: unknown, place: Place): UsageError {
  const { host, user, database } = place;
  const said = messageOf(error);
  const because = (what: string) => new UsageError(`--postgres-url: ${what}`);
  switch (errnoOf(error) ?? '') {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return because(
        `the name of the host ${host} is not known here; check its spelling and the DNS`,
      );
    case 'ENOENT':
      // Of a certificate named in the URL, or of a socket.
      if (/, open /.test(said)) return because(said);
      return because(`nothing answers at ${host}; is PostgreSQL running there?`);
    case 'ECONNREFUSED':
      return because(`nothing answers at ${host}; is PostgreSQL running there?`);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return because(
        `${host} cannot be reached (${errnoOf(error)}); check the network and firewalls`,
      );
    case '28P01':
      return because(`${host} refuses the password of ${user}: ${said}`);
    case '28000':
      return because(`${host} lets ${user} not in: ${said} (its pg_hba.conf decides)`);
    case '3D000':
      return because(`there is no database ${database} on ${host}: ${said}`);
    case '42501':
      return because(
        `${user} may not make a schema in ${database}: ${said}; GRANT CREATE ON DATABASE ${database} TO ${user}`,
      );
    case '25006':
      return because(`${host} can be read only, perhaps a replica: ${said}; name the primary`);
    case '53300':
      return because(`${host} has no connection left: ${said}`);
    case '53100':
      return because(`the disk of ${host} is full: ${said}`);
    default:
      return because(`${host}: ${advice(error, said) ?? said}`);
  }
}

/** Node names what is wrong with a certificate in `code`; pg says when the server has no TLS. */
function advice(error: unknown, said: string): string | null {
  if (/does not support SSL/.test(said)) return `${said}; take sslmode out of the URL`;
  if (/terminated unexpectedly/.test(said)) return `${said}; does PostgreSQL answer there?`;
  if (/timeout expired/.test(said)) return `no answer within 10 s; check the network and firewalls`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(errnoOf(error) ?? '')) {
    return `its certificate is not trusted (${said}); name its authority with sslrootcert=FILE in the URL, a file that any user may read`;
  }
  return null;
}
