package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final String TEXT =
            "low low low low low lower lower newest newest newest newest newest newest widest widest widest";

    /** Texts without half of a surrogate pair, which UTF-8 cannot express. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(" ", "  ", "\n", "\t", "a", "b", "low", "est", "é", "한", "😀", "\u0000", "\u00a0")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    @Property
    void every_text_is_decoded_to_itself(@ForAll("texts") String text, @ForAll("texts") String learned) {
        for (BytePairEncoding e : List.of(BytePairEncoding.train(TEXT, 270), BytePairEncoding.train(learned, 280))) {
            assertEquals(text, e.decode(e.encode(text)));
        }
        Characters c = Characters.of(text + learned + "x");
        assertEquals(text, c.decode(c.encode(text)));
    }

    @Test
    void the_most_frequent_pairs_are_learned_first() {
        BytePairEncoding e = BytePairEncoding.train(TEXT, 1000);
        // pairs by frequency: es 9, st 9 of which es has the smaller tokens; then (es)t 9; lo 7 and (lo)w 7; " n", ne,
        // ew 6
        assertEquals("es", e.decode(256));
        assertEquals("est", e.decode(257));
        assertEquals("lo", e.decode(258));
        assertEquals("low", e.decode(259));
        assertEquals(" n", e.decode(260));
        assertEquals(1, e.encode(" newest").length);
        assertArrayEquals(new int[] {259, 257}, e.encode("lowest"));
        assertTrue(e.size() < 1000, "no pair is left that occurs twice");
        assertEquals(258, BytePairEncoding.train(TEXT, 258).size());
        assertArrayEquals(
                new int[] {'a', 'a', 'a'}, BytePairEncoding.train("", 300).encode("aaa"));
        assertArrayEquals(
                new int[] {256, 'a'}, BytePairEncoding.train("aa aa", 257).encode("aaa"));
    }

    @Test
    void an_encoding_is_saved_as_text_and_loaded(@TempDir Path directory) throws IOException {
        BytePairEncoding e = BytePairEncoding.train(TEXT, 270);
        Path file = directory.resolve("pairs.txt");
        e.save(file);
        assertTrue(Files.readString(file).startsWith("gradus byte-pair encoding 1\n101 115\n256 116\n108 111\n"));
        BytePairEncoding loaded = BytePairEncoding.load(file);
        assertEquals(e.size(), loaded.size());
        assertArrayEquals(e.encode(TEXT), loaded.encode(TEXT));
        Path again = directory.resolve("again.txt");
        loaded.save(again);
        assertEquals(Files.readString(file), Files.readString(again));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 256", "1", "1 2 3", "-1 2", "a b", "1 99999999999", "", "97 98"})
    void a_line_that_is_no_pair_is_refused(String line, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("pairs.txt"),
                "gradus byte-pair encoding 1\n97 98\n" + line.replace("256", "257") + "\n97 99\n");
        String found = assertThrows(IOException.class, () -> BytePairEncoding.load(file))
                .getMessage();
        assertEquals(
                file + ": line 3: \"" + line.replace("256", "257") + "\" is not a new pair of tokens from 0 to 256",
                found);
    }

    @Test
    void a_hostile_file_does_not_grow_without_bound(@TempDir Path directory) throws IOException {
        StringBuilder doubling = new StringBuilder("gradus byte-pair encoding 1\n97 97\n");
        for (int i = 256; i < 300; i++) {
            doubling.append(i).append(' ').append(i).append('\n');
        }
        Path file = Files.writeString(directory.resolve("pairs.txt"), doubling);
        String found = assertThrows(IOException.class, () -> BytePairEncoding.load(file))
                .getMessage();
        assertTrue(found.contains("line 12: \"265 265\""), found);
        Files.writeString(file, "other\n");
        String other = assertThrows(IOException.class, () -> BytePairEncoding.load(file))
                .getMessage();
        assertEquals(file + " does not start with the line \"gradus byte-pair encoding 1\"", other);
    }

    @Test
    void characters_are_code_points_in_order() {
        Characters c = Characters.of("b😀ab");
        assertEquals(3, c.size());
        assertArrayEquals(new int[] {1, 0, 2}, c.encode("ba😀"));
        assertArrayEquals(new int[] {0, 1}, new Characters("ba").encode("ba"));
        Characters unknown = c.withUnknown();
        assertEquals(4, unknown.size());
        assertArrayEquals(new int[] {0, 3, 1}, unknown.encode("azb"));
        assertEquals("a\uFFFDb", unknown.decode(0, 3, 1));
    }

    @Test
    void sequences_are_padded_to_the_longest_of_the_batch() {
        PaddedSequences d =
                PaddedSequences.of(List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6}), 9, 0, 1, 0);
        Batch b = d.at(2, 1);
        assertEquals(Tensor.of(new double[][] {{5, 6}, {4, 9}}), b.x());
        assertEquals(Tensor.of(2.0, 1), b.inputs().get(1));
        assertArrayEquals(new int[] {0, 1}, b.classes());
        assertEquals(Tensor.of(new double[][] {{1, 2, 3}, {4, 9, 9}, {5, 6, 9}}), d.x());
        assertArrayEquals(new int[] {0, 1, 0}, d.classes());
        assertEquals(Tensor.of(1.0, 2, 3), d.byLength().all().inputs().get(1));
        assertEquals(
                List.of(), PaddedSequences.of(List.of(new int[] {1}), 0).at(0).targets());
    }

    static Stream<Arguments> refusals() {
        Characters c = new Characters("ab");
        BytePairEncoding e = BytePairEncoding.train("", 256);
        List<int[]> two = List.of(new int[] {1}, new int[] {2});
        return Stream.of(
                bad(() -> c.encode("abé"), "encode: \"é\" (U+00E9) at position 2 is none of the 2 characters"),
                bad(() -> c.encode("\n"), "encode: U+000A at position 0 is none of the 2 characters"),
                bad(() -> c.decode(2), "decode: token 2 is out of range 0 to 1"),
                bad(() -> e.decode(-1), "decode: token -1 is out of range 0 to 255"),
                bad(() -> new Characters("aba"), "Characters: \"a\" (U+0061) occurs twice"),
                bad(() -> Characters.of(""), "Characters: there are no characters"),
                bad(() -> BytePairEncoding.train("", 255), "BytePairEncoding: the size 255 must be at least 256"),
                bad(() -> PaddedSequences.of(List.of(), 0), "PaddedSequences: there are no sequences"),
                bad(() -> PaddedSequences.of(two, -1), "PaddedSequences: the padding -1 is negative"),
                bad(() -> PaddedSequences.of(two, 0, 1), "PaddedSequences: there are 2 sequences and 1 classes"),
                bad(() -> PaddedSequences.of(two, 0, 1, -2), "PaddedSequences: sequence 1 has the class -2"),
                bad(() -> PaddedSequences.of(List.of(new int[0]), 0), "PaddedSequences: sequence 0 is empty"),
                bad(
                        () -> PaddedSequences.of(List.of(new int[] {1, -3}), 0),
                        "PaddedSequences: sequence 0 has the token -3"),
                bad(() -> PaddedSequences.of(two, 0).at(2), "at: index 2 is out of range 0 to 1"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_has_no_token_is_named(Executable what, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }
}
