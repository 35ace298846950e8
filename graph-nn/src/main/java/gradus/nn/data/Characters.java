package gradus.nn.data;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A token for each character; a character is a Unicode code point. Immutable.
 *
 * @see BytePairEncoding
 */
public final class Characters implements Tokenizer {
    private static final int REPLACEMENT = 0xFFFD;

    private final int[] characters;
    private final Map<Integer, Integer> indices = new HashMap<>();
    private final boolean hasUnknown;

    private Characters(boolean hasUnknown, int... characters) {
        this.characters = characters;
        this.hasUnknown = hasUnknown;
        for (int i = 0; i < characters.length; i++) {
            if (indices.put(characters[i], i) != null) {
                throw new IllegalArgumentException("Characters: " + name(characters[i]) + " occurs twice");
            }
        }
        if (characters.length == 0) {
            throw new IllegalArgumentException("Characters: there are no characters");
        }
    }

    /**
     * Numbers characters in the order in which they are given.
     *
     * @throws IllegalArgumentException if there is none, or one occurs twice
     */
    public Characters(String characters) {
        this(
                false,
                Objects.requireNonNull(characters, "Characters: characters is null")
                        .codePoints()
                        .toArray());
    }

    /**
     * Returns the characters of a text, numbered in the order of their code points.
     *
     * @throws IllegalArgumentException if the text is empty
     */
    public static Characters of(String text) {
        Objects.requireNonNull(text, "Characters.of: text is null");
        return new Characters(false, text.codePoints().distinct().sorted().toArray());
    }

    /** Returns these characters and one token more, the last, for all others; its text is U+FFFD, the replacement character. */
    public Characters withUnknown() {
        return new Characters(true, characters);
    }

    @Override
    public int size() {
        return characters.length + (hasUnknown ? 1 : 0);
    }

    @Override
    public int[] encode(String text) {
        Objects.requireNonNull(text, "encode: text is null");
        int[] codes = text.codePoints().toArray();
        int[] tokens = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            Integer token = indices.get(codes[i]);
            if (token == null && !hasUnknown) {
                throw new IllegalArgumentException("encode: " + name(codes[i]) + " at position " + i
                        + " is none of the " + characters.length + " characters");
            }
            tokens[i] = token == null ? characters.length : token;
        }
        return tokens;
    }

    @Override
    public String decode(int... tokens) {
        Objects.requireNonNull(tokens, "decode: tokens is null");
        StringBuilder text = new StringBuilder();
        for (int t : tokens) {
            if (t < 0 || t >= size()) {
                throw new IllegalArgumentException("decode: token " + t + " is out of range 0 to " + (size() - 1));
            }
            text.appendCodePoint(t == characters.length ? REPLACEMENT : characters[t]);
        }
        return text.toString();
    }

    private static String name(int codePoint) {
        String code = String.format(Locale.ROOT, "U+%04X", codePoint);
        return Character.isISOControl(codePoint) ? code : "\"" + Character.toString(codePoint) + "\" (" + code + ")";
    }

    @Override
    public String toString() {
        return "Characters " + new String(characters, 0, characters.length);
    }
}
