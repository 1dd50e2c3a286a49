/** The bundler loads GraphQL documents as text. */
declare module '*.graphql' {
  const document: string;
  export default document;
}
