import type { Sql } from 'postgres';

/**
 * Has PostgreSQL keep the statements of lite. Its query builder sends them unprepared: each is then parsed and planned anew, and takes two
 * round trips, one for the types of its parameters.
 * @param driver the connections lite takes its own from
 * @param schemaVersion number of the schema in force: statements prepared for an older one may have other columns and are not used again
 */
export function prepareStatements(driver: Sql, schemaVersion: () => number): void {
  const reserve = driver.reserve.bind(driver);
  driver.reserve = async () => {
    const reserved = await reserve();
    const unsafe = reserved.unsafe.bind(reserved);
    // by their text postgres.js tells statements apart
    reserved.unsafe = (text, parameters = [], options = {}) =>
      parameters.length === 0
        ? unsafe(text, parameters, options)
        : unsafe(`/* schema ${schemaVersion()} */ ${text}`, parameters, { prepare: true, ...options });
    return reserved;
  };
}
