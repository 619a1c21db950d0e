import { api } from '../support';
import { openApi } from '../support/openApi';

describe('the service', () => {
  it('says that it serves, without a token', async () => {
    const { status, body, headers } = await api().get('/health');
    expect([status, body]).toEqual([
      200,
      { success: true, status: 'ok', version: expect.any(String) as string, uptime_seconds: expect.any(Number) as number },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('says that everything behind it answers, and who polls its queues', async () => {
    const { status, body } = await api().get('/ready');
    expect([status, body]).toMatchObject([
      200,
      { success: true, status: 'ready', checks: { supabase: { ok: true }, temporal: { ok: true }, workers: { ok: true } } },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/https?:|127\.0\.0\.1|localhost/); // no addresses
  });

  it('describes itself with the document the suite is held against', async () => {
    const { status, body } = await api().get('/openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...openApi,
      info: { ...openApi['info'], version: expect.any(String) as string },
      servers: expect.any(Array) as unknown[],
    });
  });

  it('gives back the id of a request that is fit for it, and else one of its own', async () => {
    const idFor = async (sent: string) =>
      (await api().raw('GET', '/health', { headers: { 'X-Request-Id': sent } })).headers.get('x-request-id');
    expect(await idFor('Trace-1.a_b')).toBe('Trace-1.a_b');
    for (const sent of ['a b', 'x'.repeat(65)]) expect(await idFor(sent)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
