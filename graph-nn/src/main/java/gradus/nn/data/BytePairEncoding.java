package gradus.nn.data;

import gradus.nn.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-pair encoding: tokens 0 to 255 are the bytes of UTF-8, and each further token is a pair of earlier ones that was frequent in a text (Sennrich,
 * Haddow, Birch 2016; on bytes, as GPT-2's). Every text can be encoded, and decoding gives it back. Pairs do not cross words; a word has the space
 * before it. Immutable.
 */
public final class BytePairEncoding implements Tokenizer {
    private static final int BYTES = 256;
    private static final int LONGEST = 1024;
    private static final String HEADER = "gradus byte-pair encoding 1";

    /** A word with a space before it, or white space up to the space before a word. */
    private static final Pattern WORD = Pattern.compile(" ?\\S+|\\s+(?!\\S)|\\s+");

    /** The two tokens of each token from 256 on, as of {@link #pair}. */
    private final List<Long> merges = new ArrayList<>();

    private final Map<Long, Integer> tokens = new HashMap<>();
    private final List<byte[]> bytes = new ArrayList<>();

    private BytePairEncoding() {
        for (int b = 0; b < BYTES; b++) {
            bytes.add(new byte[] {(byte) b});
        }
    }

    /**
     * Returns the encoding learned from a text: the most frequent pair becomes a token, again and again; of equally frequent ones, that of the smaller
     * tokens. Learning ends early when no pair occurs twice, or only pairs that would be longer than 1024 bytes; {@link #size} is then smaller.
     *
     * @param size the number of tokens, at least 256
     * @throws IllegalArgumentException if it is less
     */
    public static BytePairEncoding train(String text, int size) {
        Objects.requireNonNull(text, "BytePairEncoding.train: text is null");
        if (size < BYTES) {
            throw new IllegalArgumentException("BytePairEncoding: the size " + size + " must be at least " + BYTES);
        }
        BytePairEncoding encoding = new BytePairEncoding();
        Words words = new Words(text);
        while (encoding.size() < size) {
            long best = words.mostFrequent(encoding);
            if (best < 0) {
                break;
            }
            words.merge(best, encoding.size());
            encoding.add(best);
        }
        return encoding;
    }

    /** The different words of a text as tokens, how often each occurs, and how often each pair of neighbours does. */
    private static final class Words {
        private final List<int[]> words = new ArrayList<>();
        private final List<Integer> counts = new ArrayList<>();
        private final Map<Long, Long> pairs = new HashMap<>();

        Words(String text) {
            Map<String, Integer> byText = new LinkedHashMap<>();
            Matcher m = WORD.matcher(text);
            while (m.find()) {
                byText.merge(m.group(), 1, Integer::sum);
            }
            byText.forEach((word, count) -> {
                words.add(ofBytes(word));
                counts.add(count);
                count(words.size() - 1, 1);
            });
        }

        /** Adds the pairs of a word to their numbers, or takes them away. */
        private void count(int word, int sign) {
            int[] w = words.get(word);
            for (int i = 0; i + 1 < w.length; i++) {
                pairs.merge(pair(w[i], w[i + 1]), (long) sign * counts.get(word), Long::sum);
            }
        }

        /** Returns the most frequent pair, or -1. */
        long mostFrequent(BytePairEncoding encoding) {
            long best = -1;
            long most = 1;
            for (Map.Entry<Long, Long> e : pairs.entrySet()) {
                long pair = e.getKey();
                long count = e.getValue();
                if ((count > most || (count == most && best >= 0 && pair < best)) && encoding.length(pair) <= LONGEST) {
                    best = pair;
                    most = count;
                }
            }
            return best;
        }

        void merge(long pair, int token) {
            for (int i = 0; i < words.size(); i++) {
                int[] merged = BytePairEncoding.merge(words.get(i), pair, token);
                if (merged.length < words.get(i).length) {
                    count(i, -1);
                    words.set(i, merged);
                    count(i, 1);
                }
            }
            pairs.values().removeIf(n -> n == 0);
        }
    }

    private static long pair(int a, int b) {
        return (long) a << 32 | b;
    }

    private int length(long pair) {
        return bytes.get((int) (pair >> 32)).length + bytes.get((int) pair).length;
    }

    private void add(long pair) {
        byte[] first = bytes.get((int) (pair >> 32));
        byte[] second = bytes.get((int) pair);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        tokens.put(pair, size());
        merges.add(pair);
        bytes.add(both);
    }

    private static int[] ofBytes(String word) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        int[] w = new int[utf8.length];
        Arrays.setAll(w, i -> utf8[i] & 0xff);
        return w;
    }

    /** Returns a word with a token in place of each occurrence of a pair, from the left. */
    private static int[] merge(int[] word, long pair, int token) {
        int a = (int) (pair >> 32);
        int b = (int) pair;
        int[] merged = null;
        int n = 0;
        for (int i = 0; i < word.length; i++) {
            if (word[i] == a && i + 1 < word.length && word[i + 1] == b) {
                if (merged == null) {
                    merged = word.clone();
                }
                merged[n++] = token;
                i++;
            } else if (merged == null) {
                n++;
            } else {
                merged[n++] = word[i];
            }
        }
        return merged == null ? word : Arrays.copyOf(merged, n);
    }

    @Override
    public int size() {
        return bytes.size();
    }

    @Override
    public int[] encode(String text) {
        Objects.requireNonNull(text, "encode: text is null");
        List<int[]> words = new ArrayList<>();
        Map<String, int[]> known = new HashMap<>();
        Matcher m = WORD.matcher(text);
        while (m.find()) {
            words.add(known.computeIfAbsent(m.group(), this::encodedWord));
        }
        return words.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** Merges the pair that was learned first, until there is none. */
    private int[] encodedWord(String text) {
        int[] word = ofBytes(text);
        while (true) {
            int first = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < word.length; i++) {
                first = Math.min(first, tokens.getOrDefault(pair(word[i], word[i + 1]), Integer.MAX_VALUE));
            }
            if (first == Integer.MAX_VALUE) {
                return word;
            }
            word = merge(word, merges.get(first - BYTES), first);
        }
    }

    /** Returns the text of tokens; bytes that are no UTF-8, such as half a character, become U+FFFD, the replacement character. */
    @Override
    public String decode(int... ids) {
        Objects.requireNonNull(ids, "decode: ids is null");
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        for (int t : ids) {
            if (t < 0 || t >= size()) {
                throw new IllegalArgumentException("decode: token " + t + " is out of range 0 to " + (size() - 1));
            }
            utf8.writeBytes(bytes.get(t));
        }
        return utf8.toString(StandardCharsets.UTF_8);
    }

    /**
     * Writes the pairs as text, a line for each token from 256 on.
     *
     * @throws IOException if the file cannot be written
     */
    public void save(Path file) throws IOException {
        Objects.requireNonNull(file, "save: file is null");
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (long pair : merges) {
            text.append(pair >> 32).append(' ').append((int) pair).append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the encoding that {@link #save} wrote.
     *
     * @throws IOException if the file cannot be read, or a line is not a pair of earlier tokens; the message names the file and the line
     */
    public static BytePairEncoding load(Path file) throws IOException {
        Objects.requireNonNull(file, "BytePairEncoding.load: file is null");
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8", e);
        }
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException(file + " does not start with the line \"" + HEADER + "\"");
        }
        BytePairEncoding encoding = new BytePairEncoding();
        for (int i = 1; i < lines.size(); i++) {
            long pair = encoding.parsed(lines.get(i));
            if (pair < 0 || encoding.tokens.containsKey(pair) || encoding.length(pair) > LONGEST) {
                throw new IOException(file + ": line " + (i + 1) + ": \"" + lines.get(i)
                        + "\" is not a new pair of tokens from 0 to " + (encoding.size() - 1));
            }
            encoding.add(pair);
        }
        return encoding;
    }

    /** Returns the pair of a line, or -1. */
    private long parsed(String line) {
        if (!line.matches("\\d{1,9} \\d{1,9}")) {
            return -1;
        }
        int space = line.indexOf(' ');
        int a = Integer.parseInt(line.substring(0, space));
        int b = Integer.parseInt(line.substring(space + 1));
        return a < size() && b < size() ? pair(a, b) : -1;
    }

    @Override
    public String toString() {
        return "BytePairEncoding of " + size() + " tokens";
    }
}
