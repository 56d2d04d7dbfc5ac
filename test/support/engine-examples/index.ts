import { AROUND } from './around';
import { BESIDE } from './beside';
import { ExampleTheme } from './example';
import { GRAPHS } from './graphs';
import { LANGUAGE_MODELS } from './language-models';
import { MANY } from './many';
import { MODELS } from './models';
import { PODS } from './pods';
import { RELEASES } from './releases';
import { SCALING } from './scaling';
import { SELDON_V2 } from './seldon-v2';
import { STORAGE } from './storage';
import { WATCHING } from './watching';

/** What the published examples of the engines show, by theme. */
export const ENGINE_EXAMPLES: readonly ExampleTheme[] = [MODELS, STORAGE, PODS, SCALING, RELEASES, AROUND, GRAPHS, MANY, LANGUAGE_MODELS, SELDON_V2, WATCHING, BESIDE];

export { type EngineExample, type ExampleLink } from './example';
export { enginesOf, isSayable, synthesize } from './example';
