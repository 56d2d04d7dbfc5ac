import { ENGINE_EXAMPLES, enginesOf, isSayable, synthesize } from '../support/engine-examples';

const SAYABLE = ENGINE_EXAMPLES.flatMap(({ examples }) => examples.filter(isSayable));

describe.each(SAYABLE.map((example) => [example.shows, example] as const))('%s', (_, example) => {
  test.each(enginesOf(example))('on %s', (engine) => {
    const { objects, problems } = synthesize(example, engine);
    expect(problems).toEqual([]);
    expect(example.look(objects)).toEqual(example.finds);
  });

  test('is said with the names that the page has', () => {
    const program = example.program.toString();
    // names of the library and of its props, not the words of an engine or a protocol
    const named = [...example.say.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => (/^[a-z]\w*$/.test(code!) ? [code!] : code!.match(/\b[A-Z]\w+\.\w+|\b[a-z]\w+(?=:| [},]|,| \})/g) ?? []));
    expect(named.filter((name) => !program.includes(name))).toEqual([]);
  });
});
