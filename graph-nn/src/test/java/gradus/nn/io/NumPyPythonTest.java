package gradus.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Gradus in NumPy and the other way round, by {@code src/test/python/numpy_files.py}; skipped where there is no NumPy. */
class NumPyPythonTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("gradus.root", ".."), "graph-nn/src/test/python/numpy_files.py");

    @TempDir
    private Path directory;

    private String python;

    @BeforeEach
    void find_a_python_with_numpy() throws Exception {
        for (String name : List.of("python3", "/usr/bin/python3")) {
            try {
                if (new ProcessBuilder(name, "-c", "import numpy")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0) {
                    python = name;
                    return;
                }
            } catch (IOException e) {
                // there is no such program
            }
        }
        String message = "NumPyPythonTest is skipped: there is no python3 with numpy";
        System.err.println(message);
        Assumptions.abort(message);
    }

    private String run(String mode) throws Exception {
        Process p = new ProcessBuilder(python, SCRIPT.toString(), mode, directory.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), out);
        return out.strip();
    }

    @Test
    void what_gradus_writes_is_read_by_numpy() throws Exception {
        NumPy.save(
                directory.resolve("array.npy"),
                Tensor.of(new double[][] {{1, -2, 0.1}, {1e300, Double.POSITIVE_INFINITY, -0.0}}));
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("0.weight", Tensor.of(new float[][] {{0.5f, 1.5f}}));
        arrays.put("0.bias", Tensor.of(3.0).reshape(1));
        arrays.put("step", Tensor.scalar(7, DType.FLOAT64));
        arrays.put("none", Tensor.zeros(Shape.of(2, 0), DType.FLOAT32));
        NumPy.save(directory.resolve("arrays.npz"), arrays);
        assertEquals("checked", run("check"));
    }

    @Test
    void what_numpy_writes_is_read() throws Exception {
        run("write");
        List<String> read = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path f :
                    files.filter(f -> f.toString().matches(".*_[CF]\\.npy")).toList()) {
                String type = f.getFileName().toString().substring(0, 2);
                double[] values = new double[12];
                for (int i = 0; i < values.length; i++) {
                    values[i] = type.equals("b1") ? i % 3 == 0 ? 1 : 0 : type.startsWith("u") ? i : i - 4;
                }
                Tensor expected = Tensor.of(Shape.of(2, 3, 2), values);
                boolean single = type.equals("f2") || type.equals("f4");
                assertEquals(expected.to(single ? DType.FLOAT32 : DType.FLOAT64), NumPy.loadArray(f), f.toString());
                read.add(f.toString());
            }
        }
        assertEquals(48, read.size());
        assertEquals(Tensor.scalar(2.5, DType.FLOAT64), NumPy.loadArray(directory.resolve("scalar.npy")));
        assertEquals(
                Shape.of(0, 3), NumPy.loadArray(directory.resolve("empty.npy")).shape());
        for (int version = 1; version <= 3; version++) {
            assertEquals(
                    -4,
                    NumPy.loadArray(directory.resolve("version" + version + ".npy"))
                            .get(0));
        }
        for (String name : List.of("stored.npz", "compressed.npz")) {
            Map<String, Tensor> arrays = NumPy.load(directory.resolve(name));
            assertEquals(List.of("0.weight", "0.bias"), List.copyOf(arrays.keySet()));
            assertEquals(Tensor.of(new double[][] {{0, 1, 2}, {3, 4, 5}}), arrays.get("0.weight"));
            assertEquals(Tensor.of(new float[] {0.5f, -1.5f}), arrays.get("0.bias"));
        }
        assertTrue(Files.exists(SCRIPT));
    }
}
