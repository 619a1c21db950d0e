const [LF, CR, SPACE] = [10, 13, 32];

/** Counts lines that hold more than blanks, in bytes that come in pieces: the rows of a file that are not read any more. */
export interface LineCounter {
  readonly count: number;
  add(bytes: Uint8Array): void;
}

export function createLineCounter(): LineCounter {
  let count = 0;
  let begun = false;
  return {
    get count() {
      return count;
    },
    add(bytes) {
      for (const byte of bytes) {
        if (byte === LF) begun = false;
        else if (!begun && byte !== SPACE && byte !== CR) {
          begun = true;
          count++;
        }
      }
    },
  };
}
