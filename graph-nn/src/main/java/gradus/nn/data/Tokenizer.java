package gradus.nn.data;

/** Translates text into tokens, whole numbers from 0 to {@code size - 1}, and back; {@link Characters} and {@link BytePairEncoding} do. */
public interface Tokenizer {
    /** Returns the number of different tokens. */
    int size();

    /**
     * Returns the tokens of a text.
     *
     * @throws IllegalArgumentException if the text has what no token stands for
     */
    int[] encode(String text);

    /**
     * Returns the text of tokens.
     *
     * @throws IllegalArgumentException if a number is not a token
     */
    String decode(int... tokens);
}
