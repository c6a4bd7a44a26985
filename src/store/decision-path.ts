/** A file's path as the engine takes it: the signs of its patterns mean nothing here. */
export function pathLiteral(path: string): string {
  return `'${path.replace(/[[*?]/g, '[$&]').replaceAll("'", "''")}'`
}
