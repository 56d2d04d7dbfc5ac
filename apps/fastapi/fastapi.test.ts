import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('fastapi'); }, 60_000);

test('the build context of the image lies beside the manifests', () => {
  expect(Object.keys(app.files)).toEqual(expect.arrayContaining(['images/price/Dockerfile', 'images/price/requirements.txt', 'images/price/server.py']));
  expect(app.files['images/price/Dockerfile']).toMatch(/^USER 1000$/m);
});

test('the image is named by the hash of the code', () => expect(serverOf(app).image).toMatch(/^registry\.example\.com\/ml\/price:code-[0-9a-f]{12}$/));

test('uvicorn is process 1, and ends the answers that it has begun', () => {
  expect(serverOf(app).command[0]).toBe('uvicorn');
  expect(serverOf(app).command.join(' ')).toContain('--timeout-graceful-shutdown=');
});

test('it is reached by TLS under its host name', () => {
  expect(app.of('Ingress').spec.tls).toEqual([{ hosts: ['price.example.com'], secretName: 'price-tls' }]);
});
