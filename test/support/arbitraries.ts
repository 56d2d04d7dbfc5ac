/** What people write with the library, at random: whole programs, mostly sensible, with a good share of mistakes and of plain nonsense. */
export { type Code } from './arbitraries/code';
export { PLANTED } from './arbitraries/models';
export { programs } from './arbitraries/services';
