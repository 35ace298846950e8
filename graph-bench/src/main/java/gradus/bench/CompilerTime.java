package gradus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processor time of the just-in-time compiler in this process. Java counts a compilation only when it ends, and one may
 * take half a second; Linux has the time of each compiler thread so far, in ticks of 10 milliseconds.
 */
final class CompilerTime {
    private static final CompilationMXBean COMPILATIONS = ManagementFactory.getCompilationMXBean();
    private static final Path THREADS = Path.of("/proc/self/task");
    /** The beginning of the names of C2's threads; Linux keeps 15 characters. */
    private static final String C2_THREAD = "C2 Compiler";
    /** Milliseconds per tick of the kernel's clock. */
    private static final int TICK = 10;

    private CompilerTime() {}

    /** Returns milliseconds. */
    static long now() {
        if (!Files.isDirectory(THREADS)) {
            return COMPILATIONS.getTotalCompilationTime();
        }
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.mapToLong(CompilerTime::ofThread).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ofThread(Path thread) {
        try {
            if (!Files.readString(thread.resolve("comm")).startsWith(C2_THREAD)) {
                return 0;
            }
            String stat = Files.readString(thread.resolve("stat"));
            List<String> afterName =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return TICK * (Long.parseLong(afterName.get(11)) + Long.parseLong(afterName.get(12))); // utime, stime
        } catch (IOException e) {
            return 0; // the thread has ended
        }
    }
}
