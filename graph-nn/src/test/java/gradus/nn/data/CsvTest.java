package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CsvTest {
    private static final String IRIS =
            "length, width,species\r\n5.1,3.5,\"setosa, blue\"\n-7e-1,3.,virginica\n\n6,2,\"setosa, blue\"\n";

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("iris.csv"), text);
    }

    @Test
    void columns_are_chosen_by_name_as_numbers_and_classes() throws IOException {
        for (String start : List.of("", "\uFEFF")) {
            Csv csv = Csv.read(file(start + IRIS));
            assertEquals(List.of("length", "width", "species"), csv.columns());
            assertEquals(3, csv.size());
            assertEquals(Tensor.of(new double[][] {{3.5, 5.1}, {3, -0.7}, {2, 6}}), csv.numbers("width", "length"));
            assertEquals(csv.numbers("length", "width"), csv.numbers(csv.columnsExcept("species")));
            assertEquals(List.of("setosa, blue", "virginica"), csv.classNames("species"));
            assertArrayEquals(new int[] {0, 1, 0}, csv.classes("species"));
            assertArrayEquals(new int[] {2, 0, 2}, csv.classes("species", List.of("virginica", "x", "setosa, blue")));
            assertEquals(List.of("setosa, blue", "virginica", "setosa, blue"), csv.texts("species"));
        }
    }

    @Test
    void another_separator_and_a_number_for_empty_cells() throws IOException {
        Csv csv = Csv.read(file("a;b\n1; \n;2\n"), ';');
        assertEquals(
                Tensor.of(new double[][] {{1, -1}, {-1, 2}}),
                csv.withMissing(-1).numbers("a", "b"));
        assertEquals(
                directory.resolve("iris.csv") + ": line 2, column \"b\": the cell is empty",
                assertThrows(IllegalArgumentException.class, () -> csv.numbers("a", "b"))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "x, \"x\" is not a number",
        "NaN, \"NaN\" is not a finite number",
        "-Infinity, \"-Infinity\" is not a finite number",
        "1e999, \"1e999\" is not a finite number",
        "1d, \"1d\" is not a number",
        "0x1p3, \"0x1p3\" is not a number",
        "'1,5', '\"1,5\" is not a number'",
        "'', the cell is empty"
    })
    void a_bad_cell_is_refused_with_line_and_column(String cell, String why) throws IOException {
        Csv csv = Csv.read(file("a,b\n1,2\n\"3\",\"" + cell + "\"\n"));
        String found = assertThrows(IllegalArgumentException.class, () -> csv.numbers("a", "b"))
                .getMessage();
        assertEquals(directory.resolve("iris.csv") + ": line 3, column \"b\": " + why, found);
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                Arguments.of("", "there are no rows below a header"),
                Arguments.of("a,b\n", "there are no rows below a header"),
                Arguments.of("a,b\n1,2\n3\n", "line 3 has 1 cells, the header 2"),
                Arguments.of("a,b\n1,2,3\n", "line 2 has 3 cells, the header 2"),
                Arguments.of("a,\n1,2\n", "column 2 has no name"),
                Arguments.of("a,b,a\n1,2,3\n", "two columns have the name \"a\""));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void a_file_that_is_no_table_is_refused(String text, String why) throws IOException {
        Path file = file(text);
        assertEquals(
                file + ": " + why,
                assertThrows(IOException.class, () -> Csv.read(file)).getMessage());
    }

    @Test
    void files_that_cannot_be_read_are_named() throws IOException {
        Path none = directory.resolve("none.csv");
        assertEquals(
                none + ": no such file",
                assertThrows(IOException.class, () -> Csv.read(none)).getMessage());
        Path latin = Files.write(none, "a\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                none + " is not UTF-8",
                assertThrows(IOException.class, () -> Csv.read(latin)).getMessage());
    }

    static Stream<Arguments> badColumns() {
        return Stream.of(
                Arguments.of((Consumer<Csv>) c -> c.numbers("c"), "there is no column \"c\", only [a, b]"),
                Arguments.of((Consumer<Csv>) c -> c.columnsExcept("c"), "there is no column \"c\", only [a, b]"),
                Arguments.of((Consumer<Csv>) c -> c.numbers(), "numbers: no column is named"),
                Arguments.of(
                        (Consumer<Csv>) c -> c.classes("a", List.of("2")),
                        "line 2, column \"a\": \"1\" is none of [2]"),
                Arguments.of((Consumer<Csv>) c -> c.classes("b"), "line 2, column \"b\": the cell is empty"));
    }

    @ParameterizedTest
    @MethodSource("badColumns")
    void a_column_that_does_not_fit_is_refused(Consumer<Csv> call, String why) throws IOException {
        Csv csv = Csv.read(file("a,b\n1,\n"));
        String found = assertThrows(IllegalArgumentException.class, () -> call.accept(csv))
                .getMessage();
        assertTrue(found.endsWith(why), found);
    }

    @Test
    void what_is_written_is_read_again() throws IOException {
        Tensor values = Tensor.of(new double[][] {{1 / 3.0, -1e-300}, {0, 12345678.9}});
        Path file = directory.resolve("out.csv");
        Csv.write(file, List.of("a, \"b\"", "c"), values);
        Csv csv = Csv.read(file);
        assertEquals(List.of("a, \"b\"", "c"), csv.columns());
        assertEquals(values, csv.numbers("a, \"b\"", "c"));
        Csv.write(file, List.of("a", "c"), values.to(DType.FLOAT32));
        assertEquals(values.to(DType.FLOAT32), Csv.read(file).numbers("a", "c").to(DType.FLOAT32));
        assertTrue(Files.readString(file).contains("0.33333334"));
        assertThrows(IllegalArgumentException.class, () -> Csv.write(file, List.of("a"), values));
        Path nowhere = directory.resolve("none").resolve("x.csv");
        String found = assertThrows(IOException.class, () -> Csv.write(nowhere, List.of("a", "b"), values))
                .getMessage();
        assertTrue(found.startsWith(nowhere + " cannot be written"), found);
    }
}
