/** The label of a series that was given none: its file name without extension (http-api.md B.1). */
export const labelOfFile = (fileName: string): string => fileName.replace(/(?<=.)\.[^.]*$/, '');
