package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Printing against NumPy's, on the arrays that printing.py drew. */
class PrinterTest {
    @TestFactory
    Stream<DynamicTest> tensors_are_printed_as_numpy_prints_them() throws IOException {
        String text;
        try (InputStream in = PrinterTest.class.getResourceAsStream("printing.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (String block : text.split("(?m)^= ", -1)) {
            if (!block.isBlank()) {
                String head = block.substring(0, block.indexOf('\n'));
                String printed = block.substring(head.length() + 1, block.length() - 1);
                tests.add(DynamicTest.dynamicTest(
                        head, () -> assertEquals(printed, tensor(head).toString())));
            }
        }
        assertEquals(176, tests.size());
        return tests.stream();
    }

    /** Reads {@code float32 [2, 3] 0x1.8p+0 ..}, or a formula instead of the numbers. */
    private static Tensor tensor(String head) {
        int open = head.indexOf('[');
        int close = head.indexOf(']');
        String sizes = head.substring(open + 1, close);
        Shape shape = sizes.isEmpty()
                ? Shape.SCALAR
                : Shape.of(Arrays.stream(sizes.split(", ", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        String[] words = head.substring(close + 2).split(" ", -1);
        double[] a = new double[shape.size()];
        Arrays.setAll(
                a, i -> words[0].equals("formula") ? (i * 37 % 1009) / Double.parseDouble(words[1]) : number(words[i]));
        return Tensor.of(shape, a).to(head.startsWith("float32") ? DType.FLOAT32 : DType.FLOAT64);
    }

    private static double number(String word) {
        return switch (word) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(word);
        };
    }
}
