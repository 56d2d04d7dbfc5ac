import { pythonScript } from '../client';
import type { Manifest } from '../kubectl';
import { type MlserverOptions, mlserver } from './mlserver';

/** The same service with a FastAPI server in it, whose code is mounted: any image with FastAPI and uvicorn does. */
export function fastapi(options: Omit<MlserverOptions, 'code' | 'implementation'>): Manifest[] {
  const objects = mlserver({ ...options, code: { 'wrapper.py': pythonScript('wrapper.py') } });
  const container = objects[0].spec.template.spec.containers[0];
  container.name = 'server';
  container.command = ['uvicorn', 'wrapper:app', '--app-dir', '/opt/code', '--host', '0.0.0.0', '--port', '8080'];
  container.env = [{ name: 'MODEL_NAME', value: options.name }, { name: 'MODEL_DIR', value: '/mnt/models' }];
  return objects;
}
