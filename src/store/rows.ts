/**
 * bigint and numeric columns as JavaScript numbers: PostgREST sends them as JSON numbers, servers built on a PostgreSQL driver may send text.
 * Everything counted here (bytes, rows, event numbers) stays below 2^53.
 */
export function withNumbers<Row extends object>(row: Row, columns: readonly (keyof Row)[]): Row {
  const numbers = Object.fromEntries(
    columns.flatMap((column) => {
      const value: unknown = row[column];
      return typeof value === 'string' ? [[column, Number(value)] as const] : [];
    }),
  );
  return { ...row, ...numbers };
}
