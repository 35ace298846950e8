package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Input that is refused by name before anything changes. */
class RefusalsTest {
    @TempDir
    private Path folder;

    private static void refused(String message, Executable act) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, act).getMessage());
    }

    private Csv csv(String text) throws IOException {
        return Csv.read(Files.writeString(folder.resolve("a.csv"), text));
    }

    @Test
    void cells_in_hexadecimal_are_no_numbers() throws IOException {
        for (String cell : List.of("0x1p3", "0X1P3")) {
            Csv csv = csv("a\n" + cell + "\n");
            refused(
                    folder.resolve("a.csv") + ": line 2, column \"a\": \"" + cell + "\" is not a number",
                    () -> csv.numbers("a"));
        }
    }

    @Test
    void a_number_for_missing_cells_is_finite_and_a_class_has_one_index() throws IOException {
        Csv csv = csv("a,b\n,x\n");
        refused("withMissing: NaN is not a finite number", () -> csv.withMissing(Double.NaN));
        refused("classes: \"x\" is there twice in names", () -> csv.classes("b", List.of("x", "x")));
    }

    @Test
    void a_csv_file_that_could_not_be_read_again_is_not_written() {
        Path file = folder.resolve("b.csv");
        Tensor one = Tensor.of(Shape.of(1, 1), 1);
        String why = "; names are different, not blank and have no white space around them";
        refused(
                "Csv.write: \"a\" cannot be the name of column 2" + why,
                () -> Csv.write(file, List.of("a", "a"), Tensor.zeros(1, 2)));
        refused("Csv.write: \" a\" cannot be the name of column 1" + why, () -> Csv.write(file, List.of(" a"), one));
        refused(
                "Csv.write: row 0 of column \"a\" is NaN, not a finite number",
                () -> Csv.write(file, List.of("a"), Tensor.of(Shape.of(1, 1), Double.NaN)));
        assertEquals(
                "Csv.write: columns[0] is null",
                assertThrows(NullPointerException.class, () -> Csv.write(file, Arrays.asList((String) null), one))
                        .getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void classes_have_a_limit_and_parts_a_fraction() {
        for (int c : new int[] {1 << 20, Integer.MAX_VALUE}) {
            Dataset vast = Dataset.of(Tensor.zeros(2, 1), 0, c);
            String why = ": there is a class " + c + "; at most 1048576 classes are supported";
            refused("counts" + why, () -> ClassBalance.counts(vast));
            refused("stratified" + why, () -> Splits.stratified(vast, 1, 0.5, 0.5));
        }
        refused("split: there are no fractions", () -> Dataset.of(Tensor.zeros(2, 1), 0, 1)
                .split(1));
    }

    @Test
    void images_of_a_folder_have_a_limit() {
        refused(
                "ImageFolder: the size 65536 x 65536 is more than 67108864 pixels",
                () -> ImageFolder.grey(folder, 65536, 65536, DType.FLOAT32));
    }

    @Test
    void a_shift_farther_than_the_image_takes_no_more_memory_than_the_image() {
        Tensor image = Tensor.ones(400, 400);
        Tensor shifted = Transforms.shift(1 << 20).apply(image, RandomStream.of(1, "shift"));
        assertEquals(Tensor.zeros(400, 400), shifted);
    }
}
