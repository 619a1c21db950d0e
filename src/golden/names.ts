/** Column names as the golden cases write them: the holiday column is called `H` there. */
export const shownName = (column: string) => (column === 'Holiday' ? 'H' : column);
