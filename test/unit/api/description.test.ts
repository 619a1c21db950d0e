/** What stands at the root without a token: the OpenAPI document and its page; and the headers that every answer carries. */
import { openApi } from '../../support/openApi';
import { startEdge } from './support';
import type { Edge } from './support';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.address + path, { headers });
const policyOf = (answer: Response): string => answer.headers.get('content-security-policy') ?? '';

describe('GET /openapi.json', () => {
  it('is the committed document, for anyone', async () => {
    const answer = await get('/openapi.json');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answer.json()).toEqual(openApi);
  });

  it('is not sent again to who holds it', async () => {
    const etag = (await get('/openapi.json')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect((await get('/openapi.json', { 'If-None-Match': etag })).status).toBe(304);
    expect((await get('/openapi.json', { 'If-None-Match': '"other"' })).status).toBe(200);
  });
});

describe('GET /docs', () => {
  it('needs nothing from elsewhere, and runs nothing but its own files', async () => {
    const page = await get('/docs');
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<script>|\son\w+=/); // no script in the page itself
    expect(policyOf(page)).toContain("default-src 'none';script-src 'self'");
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toHaveLength(4);
    for (const file of files) expect([file, (await get(file)).status]).toEqual([file, 200]);
  });

  it.each(['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json', '/docs/swagger-ui-bundle.js.map'])(
    'gives no other file: %s',
    async (path) => {
      const answer = await get(path);
      expect([answer.status, ((await answer.json()) as Record<string, unknown>)['code']]).toEqual([404, 'NOT_FOUND']);
    },
  );
});

describe('security headers', () => {
  it.each(['/health', '/openapi.json', '/api/training/list-sessions', '/nothing', '/docs'])('are on %s', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['/health', '/api/training/list-sessions', '/docs/start.js'])('let nothing run that %s might hold', async (path) => {
    expect(policyOf(await get(path))).toBe("default-src 'none';frame-ancestors 'none'");
  });
});
