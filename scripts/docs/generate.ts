import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages';

for (const [file, page] of Object.entries(PAGES)) writeFileSync(join(__dirname, '../../docs', file), page());
