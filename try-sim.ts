import { readFileSync } from 'node:fs';
import { compareWithHpa } from './test/support/hpa-record';
const { result, ...rest } = compareWithHpa(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));
console.log(rest);
