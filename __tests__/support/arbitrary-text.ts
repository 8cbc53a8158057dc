import fc from 'fast-check';

const character = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)).map((point) => String.fromCodePoint(point));

/** Any characters, unpaired surrogates included. Creating `fc.string({ unit: 'binary' })` would take a second in each file. */
export function anyText(length: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  return fc.array(character, length).map((characters) => characters.join(''));
}
