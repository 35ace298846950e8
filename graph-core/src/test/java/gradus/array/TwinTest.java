package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwinTest {
    private static final Path CORE = Path.of("");
    private static final Path BENCH = Path.of("../graph-bench");

    @Test
    void every_float_twin_matches_the_generator() throws IOException {
        assertTrue(Twins.originals(CORE).size() >= 6, "too few originals were found");
        for (Path module : List.of(CORE, BENCH)) {
            for (Path p : Twins.originals(module)) {
                assertEquals(
                        Twins.twinOf(Files.readString(p)), Files.readString(Twins.twinPath(module, p)), p::toString);
            }
        }
    }

    @Test
    void wide_types_stay_double_and_names_change_their_suffix() {
        assertEquals(
                "/*wide*/ double s = Loops.F32.sum(float[] toDoubleArray)",
                Twins.twinOf("/*wide*/ double s = Loops.F64.sum(double[] toDoubleArray)"));
    }
}
